"""Train the zstd dictionary that shrinks short Ukrainian payloads before they are sealed.

A sealed appeal cannot be compressed on the wire, and a 300-letter text is too short for zstd to
learn anything from by itself; a dictionary trained on texts of the same kind gives it a start.
The samples are built exactly as payloads are written: compact JSON arrays in cp1251.

    python tools/dictionary/train.py            # evaluate sizes, write 1.zdict
    python tools/dictionary/train.py --dry-run  # evaluate only

The figures are cross-validated: no text is measured with a dictionary that has seen it.
A published dictionary must never change: old changes need it. New texts mean a new dict_id.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import zstandard as zstd

HERE = Path(__file__).resolve().parent
OUT_DIR = HERE.parents[1] / "shared_schema" / "crypto" / "dictionaries"
DISTRICTS = (
    "Центр",
    "Приріччя",
    "Слобідка",
    "Вокзальний",
    "Озерний",
    "",
    "Північний",
    "Салтівка",
    "",
)
SIZES_KIB = (32, 36, 40, 44, 48)
FOLDS = 5
LEVEL = 19
TIE = 1.01  # a smaller dictionary is preferred when it is within 1 % of the best

Samples: TypeAlias = dict[str, list[bytes]]
Build: TypeAlias = Callable[[Sequence[bytes], int], zstd.ZstdCompressionDict]


def encode(payload: list[str]) -> bytes:
    """One payload as it is written on the wire."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(
        "cp1251", errors="ignore"
    )


def load(name: str) -> list[dict[str, str]]:
    """The texts of one kind, in file order."""
    return [
        json.loads(line)
        for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()
        if line
    ]


def samples() -> Samples:
    """All texts as payloads, by kind."""
    return {
        "appeal": [
            encode(
                [
                    a["kind"],
                    a["title"],
                    a["text"],
                    a["category"],
                    a["address"],
                    DISTRICTS[i % len(DISTRICTS)],
                    "",
                    "",
                ]
            )
            for i, a in enumerate(load("appeals"))
        ],
        "news": [
            encode([n["title"], n["text"], n["topic"], n["district"], n["priority"], ""])
            for n in load("news")
        ],
        "reply": [encode([r["text"]]) for r in load("replies")],
    }


def trained(data: Sequence[bytes], size: int) -> zstd.ZstdCompressionDict:
    """A COVER-trained dictionary; it carries entropy tables besides the content."""
    return zstd.train_dictionary(size, list(data), dict_id=1, level=LEVEL, threads=0, d=8, steps=16)


def raw(data: Sequence[bytes], size: int) -> zstd.ZstdCompressionDict:
    """The texts whose words are most common among the others, back to back, the best at the end."""
    seen: dict[bytes, int] = {}
    for sample in data:
        for word in set(sample.split()):
            seen[word] = seen.get(word, 0) + 1
    ranked = sorted(data, key=lambda s: (-sum(seen[w] for w in s.split()) / len(s), s))
    kept: list[bytes] = []
    for sample in ranked:
        if sum(map(len, kept)) + len(sample) <= size:
            kept.append(sample)
    return zstd.ZstdCompressionDict(b"".join(reversed(kept)), dict_type=zstd.DICT_TYPE_RAWCONTENT)


def compressed(sample: bytes, dictionary: zstd.ZstdCompressionDict | None = None) -> int:
    """Bytes of one sample, without the frame fields a sealed body does not need."""
    params = zstd.ZstdCompressionParameters.from_level(
        LEVEL,
        source_size=len(sample),
        write_content_size=False,
        write_checksum=False,
        write_dict_id=False,
    )
    return len(
        zstd.ZstdCompressor(compression_params=params, dict_data=dictionary).compress(sample)
    )


def cross_validated(data: Samples, build: Build, size: int) -> dict[str, float]:
    """Mean compressed bytes by kind, each sample with a dictionary that has not seen it."""
    total = dict.fromkeys(data, 0)
    for fold in range(FOLDS):
        dictionary = build(
            [s for kind in data.values() for i, s in enumerate(kind) if i % FOLDS != fold], size
        )
        for kind, items in data.items():
            total[kind] += sum(
                compressed(s, dictionary) for i, s in enumerate(items) if i % FOLDS == fold
            )
    return {kind: total[kind] / len(items) for kind, items in data.items()}


def main() -> None:
    """Evaluate, choose, train on everything, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dry-run", action="store_true", help="print the table, write nothing")
    parser.add_argument("--out", type=Path, default=OUT_DIR / "1.zdict")
    args = parser.parse_args()

    data = samples()

    def row(label: str, means: dict[str, float]) -> float:
        overall = sum(means[k] * len(v) for k, v in data.items()) / sum(map(len, data.values()))
        print(f"{label:<16}" + "".join(f"{means[k]:>9.1f}" for k in data) + f"{overall:>9.1f}")
        return overall

    print(f"{'mean bytes':<16}" + "".join(f"{k:>9}" for k in data) + f"{'all':>9}")
    row("payload", {k: sum(map(len, v)) / len(v) for k, v in data.items()})
    row("zstd alone", {k: sum(map(compressed, v)) / len(v) for k, v in data.items()})
    score = {
        kib: row(f"trained {kib} KiB", cross_validated(data, trained, kib * 1024))
        for kib in SIZES_KIB
    }
    for kib in SIZES_KIB:
        row(f"raw {kib} KiB", cross_validated(data, raw, kib * 1024))
    chosen = min(kib for kib in SIZES_KIB if score[kib] <= min(score.values()) * TIE)
    dictionary = trained([s for kind in data.values() for s in kind], chosen * 1024)
    blob = dictionary.as_bytes()
    print(f"chosen: trained {chosen} KiB, {len(blob)} bytes, dict_id {dictionary.dict_id()}")
    if not args.dry_run:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_bytes(blob)


if __name__ == "__main__":
    main()
