#!/usr/bin/env python3
"""Verifies an export of Chopmark's ledger from docs/ledger.md alone.

Usage: verify_ledger.py EXPORT|- [--size N --head HEX]
Prints the number of entries and the hash of the newest; exit 1 names the first broken entry.
Needs Python 3 and nothing else; must never import, call or read anything of Chopmark's.
"""

import argparse
import hashlib
import json
import re
import sys

PURPOSE = b"chopmark/ledger/v1"
GENESIS = "0" * 64
DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def chain(previous, text):
    """SHA-256 over three fields, each preceded by its length as eight bytes, little endian."""
    digest = hashlib.sha256()
    for field in (PURPOSE, previous.encode(), text.encode()):
        digest.update(len(field).to_bytes(8, "little"))
        digest.update(field)
    return digest.hexdigest()


def unique(pairs):
    """A JSON object in which no key comes twice."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a key comes twice")
    return dict(pairs)


def whole(text):
    """JSON of the ledger knows whole numbers only."""
    raise ValueError(f"{text} is no whole number")


def parse(text):
    return json.loads(text, object_pairs_hook=unique, parse_float=whole, parse_constant=whole)


def entry(line):
    """Sequence, bytes, previous hash and hash of an exported line."""
    fields = parse(line)
    if not isinstance(fields, dict) or sorted(fields) != ["bytes", "hash", "previous", "sequence"]:
        raise ValueError("an entry has bytes, hash, previous and sequence")
    sequence = fields["sequence"]
    if type(sequence) is not int or not isinstance(fields["bytes"], str):
        raise ValueError("a number and a text are needed")
    for name in ("previous", "hash"):
        if not isinstance(fields[name], str) or not DIGEST.match(fields[name]):
            raise ValueError(f"{name} is no hash")
    return sequence, fields["bytes"], fields["previous"], fields["hash"]


def said_number(text):
    """The number that the hashed bytes themselves say."""
    try:
        content = parse(text)
        return content["sequence"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def verify(lines, size, head):
    count, newest = 0, GENESIS
    recorded = newest if size == 0 else None
    for number, line in enumerate(lines, 1):
        try:
            sequence, text, previous, own = entry(line.decode("utf-8"))
        except (ValueError, RecursionError):
            return f"line {number} is not an entry", count, newest
        if sequence <= count:
            return f"entry {sequence} is out of order", count, newest
        if sequence > count + 1:
            return f"an entry is missing before {sequence}: expected {count + 1}", count, newest
        if chain(previous, text) != own:
            return f"entry {sequence} was edited", count, newest
        if previous != newest:
            return f"entry {sequence} does not follow the entry before it", count, newest
        if said_number(text) != sequence:
            return f"entry {sequence} is out of order", count, newest
        count, newest = sequence, own
        if count == size:
            recorded = newest
    if size is not None and count < size:
        return f"the ledger ends at {count}, but {size} entries were recorded", count, newest
    if head is not None and recorded != head:
        return f"entry {size} is not the one that was recorded", count, newest
    return None, count, newest


def main():
    parser = argparse.ArgumentParser(description="Verifies an export of Chopmark's ledger.")
    parser.add_argument("export", help="the file, or - for standard input")
    parser.add_argument("--size", type=int, help="entries that a checkpoint has recorded")
    parser.add_argument("--head", help="hash of the newest of them, in hexadecimal")
    arguments = parser.parse_args()
    if (arguments.size is None) != (arguments.head is None):
        parser.error("--size and --head belong together")
    if arguments.export == "-":
        broken, count, newest = verify(sys.stdin.buffer, arguments.size, arguments.head)
    else:
        with open(arguments.export, "rb") as lines:
            broken, count, newest = verify(lines, arguments.size, arguments.head)
    if broken:
        print(broken)
        print(f"{count} entries before it are whole, head {newest}")
        return 1
    print(f"{count} entries, head {newest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
