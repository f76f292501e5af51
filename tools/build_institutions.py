"""Makes ``data/institutions/institutions.tsv`` from the collected facts.

Run: ``python tools/build_institutions.py FACTS_TSV [OUT_TSV]``. The facts are an eleven-column table (id, name_zh,
aliases, kind, hotlines, sms_senders, domains, region, evidence, confidence, note). The note column is read for
doubts about domains and then dropped: nothing in it is ever shown. Reviewed decisions are not made here but in the
TOML files beside the output.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "data" / "institutions" / "institutions.tsv"
COLUMNS = (
    "id",
    "name",
    "kind",
    "region",
    "confidence",
    "lines",
    "senders",
    "domains",
    "unproven_domains",
    "aliases",
    "evidence",
)
_ONLY_EXISTS = re.compile(r"仅dnsmasq-china-list佐证域名存在:\s*([\w.,-]+)")
_FROM_MEMORY = re.compile(r"域名(?:、号码)?(?:凭记忆|未核实)|主域名未核实")
_NAMED = re.compile(r"([\w-]+(?:\.[\w-]+)+)\s*(?:为[^。；]{0,12}\()?(?:未单独|未)核实")
_REST = re.compile(r"([\w.-]+) 见 vCards；其余两域名凭记忆")
_DISPUTED = re.compile(r"UNVERIFIED(?:\(memory\))?:?\s*([\d\s/-]+)")


def main(arguments: list[str]) -> int:
    """Reads the facts named first, writes the table named second."""
    if not 1 <= len(arguments) <= 2:  # noqa: PLR2004 - source and target
        print(__doc__, file=sys.stderr)
        return 2
    source = Path(arguments[0])
    target = Path(arguments[1]) if len(arguments) > 1 else OUT
    with source.open(encoding="utf-8", newline="") as file:
        rows = [convert(row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(COLUMNS), *("\t".join(row[c] for c in COLUMNS) for row in rows)]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{target}: {len(rows)} institutions")
    return 0


def convert(row: dict[str, str]) -> dict[str, str]:
    """One row of the table from one row of the facts."""
    note = row["note"] or ""
    domains = [domain for domain in row["domains"].split("|") if domain]
    unproven = doubtful(domains, note)
    shown = row["hotlines"] if row["confidence"] != "C" else ""
    refused = {re.sub(r"\D", "", number) for found in _DISPUTED.findall(note) for number in found.split("/")}
    lines = [line for line in shown.split("|") if line and line.split(":")[0] not in refused]
    return {
        "id": row["id"],
        "name": row["name_zh"],
        "kind": row["kind"],
        "region": row["region"],
        "confidence": row["confidence"],
        "lines": "|".join(lines),
        "senders": row["sms_senders"],
        "domains": "|".join(d for d in domains if d not in unproven),
        "unproven_domains": "|".join(d for d in domains if d in unproven),
        "aliases": row["aliases"],
        "evidence": row["evidence"],
    }


def doubtful(domains: list[str], note: str) -> set[str]:
    """Those of ``domains`` that the note calls unverified: they may be known, never shown as official."""
    rest = _REST.search(note)
    if rest:
        return set(domains) - {rest[1]}
    # What the note marks as unverified by a tag of its own was never listed as a domain.
    plain = re.sub(r"UNVERIFIED域名[^。]*", "", note)
    if _FROM_MEMORY.search(plain):
        return set(domains)
    found = set(_NAMED.findall(plain))
    for names in _ONLY_EXISTS.findall(plain):
        found.update(names.split(","))
    return found & set(domains)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
