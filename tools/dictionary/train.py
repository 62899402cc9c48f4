"""Train the zstd dictionary that shrinks short Ukrainian payloads before they are sealed.

A sealed appeal cannot be compressed on the wire, and a 300-letter text is too short for zstd to
learn anything from by itself; a dictionary trained on texts of the same kind gives it a start.
The samples are built exactly as payloads are written: compact JSON arrays in cp1251.

    python tools/dictionary/train.py              # the figures; writes nothing
    python tools/dictionary/train.py --number 2   # writes 2.zdict, from all texts

A dictionary that has shipped never changes, because every change sealed with it needs it. Texts
are only appended to the .jsonl files; SEEN says how many of each a shipped dictionary was made
from, and the rest measure it honestly. The "trained" and "raw" figures are cross-validated: no
text is measured with a dictionary that has seen it. Compression is what packing.py did when
dictionary 1 was chosen: level 5, a whole frame, and no hint of the source's size, which would
shrink the window below the dictionary. Its bare blocks of a slower search are 10 bytes smaller.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import zstandard as zstd

HERE = Path(__file__).resolve().parent
OUT_DIR = HERE.parents[1] / "shared_schema" / "crypto" / "dictionaries"
DISTRICTS = ("Центр", "Приріччя", "Слобідка", "Вокзальний", "Озерний", "", "Північний", "Салтівка")
SEEN = {1: {"appeals": 225, "news": 100, "replies": 118}}
SIZES_KIB = (32, 36, 40, 44, 48)
FOLDS = 5
LEVEL = 5
TRAINING_LEVEL = 3  # its statistics suit short texts 2 % better than those of 19
TIE = 1.01  # a smaller dictionary is preferred when it is within 1 % of the best

Samples: TypeAlias = dict[str, list[bytes]]
Means: TypeAlias = dict[str, float]
Build: TypeAlias = Callable[[Sequence[bytes], int], zstd.ZstdCompressionDict]


def payload(kind: str, text: dict[str, str], index: int) -> bytes:
    """One text as it is written on the wire (see shared_schema/records)."""
    district = DISTRICTS[index % len(DISTRICTS)]
    fields: list[str | int] = [text["text"]]
    if kind == "appeals":
        signal = text["kind"] == "signal"
        fields = ["signal", ""] if signal else ["appeal", text["kind"]]
        fields += [text[f] for f in ("title", "text", "category", "address")]
        fields += [district, "", ""]
    elif kind == "news":
        fields = [text[f] for f in ("title", "text", "topic", "district", "priority")]
        fields.append(0)
    raw = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return raw.encode("cp1251", errors="ignore")


def load(kind: str) -> list[bytes]:
    """The payloads of one kind, in file order."""
    lines = (HERE / f"{kind}.jsonl").read_text("utf-8").splitlines()
    return [payload(kind, json.loads(line), i) for i, line in enumerate(lines)]


def trained(data: Sequence[bytes], size: int, number: int = 1) -> zstd.ZstdCompressionDict:
    """A COVER-trained dictionary; it carries entropy tables besides the content."""
    samples: list[bytes | bytearray | memoryview] = list(data)
    return zstd.train_dictionary(size, samples, dict_id=number, level=TRAINING_LEVEL, d=6, steps=16)


def raw(data: Sequence[bytes], size: int) -> zstd.ZstdCompressionDict:
    """The texts whose words are most common among the others, back to back, the best at the end."""
    seen: dict[bytes, int] = {}
    for sample in data:
        for word in set(sample.split()):
            seen[word] = seen.get(word, 0) + 1
    kept: list[bytes] = []
    for sample in sorted(data, key=lambda s: (-sum(seen[w] for w in s.split()) / len(s), s)):
        if sum(map(len, kept)) + len(sample) <= size:
            kept.append(sample)
    return zstd.ZstdCompressionDict(b"".join(reversed(kept)), dict_type=zstd.DICT_TYPE_RAWCONTENT)


def compressed(sample: bytes, dictionary: zstd.ZstdCompressionDict | None = None) -> int:
    """Bytes of one sample as a frame of level 5."""
    params = zstd.ZstdCompressionParameters.from_level(
        LEVEL, format=zstd.FORMAT_ZSTD1_MAGICLESS, write_content_size=True, write_dict_id=False
    )
    return len(
        zstd.ZstdCompressor(dict_data=dictionary, compression_params=params).compress(sample)
    )


def measured(data: Samples, dictionary: zstd.ZstdCompressionDict | None) -> Means:
    """Mean compressed bytes by kind."""
    return {k: sum(compressed(s, dictionary) for s in v) / len(v) for k, v in data.items()}


def cross_validated(data: Samples, build: Build, size: int) -> Means:
    """Mean compressed bytes by kind, each sample with a dictionary that has not seen it."""
    total = dict.fromkeys(data, 0.0)
    for fold in range(FOLDS):
        others = [s for v in data.values() for i, s in enumerate(v) if i % FOLDS != fold]
        dictionary = build(others, size)
        for kind, items in data.items():
            total[kind] += sum(compressed(s, dictionary) for s in items[fold::FOLDS])
    return {kind: total[kind] / len(items) for kind, items in data.items()}


def show(label: str, data: Samples, means: Means) -> float:
    """Print a row of the table; return the mean over all samples."""
    overall = sum(means[k] * len(v) for k, v in data.items()) / sum(map(len, data.values()))
    print(f"{label:<22}" + "".join(f"{means[k]:>9.1f}" for k in data) + f"{overall:>9.1f}")
    return overall


def main() -> None:
    """Evaluate; with --number choose a size, train and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--number", type=int, help="write this dictionary")
    parser.add_argument("--out", type=Path, default=OUT_DIR, help="the folder to write to")
    args = parser.parse_args()

    data = {kind: load(kind) for kind in ("appeals", "news", "replies")}
    print(f"{'mean bytes':<22}" + "".join(f"{k:>9}" for k in data) + f"{'all':>9}")
    show("payload", data, {k: sum(map(len, v)) / len(v) for k, v in data.items()})
    show("zstd alone", data, measured(data, None))
    score = {}
    for kib in SIZES_KIB:
        means = cross_validated(data, trained, kib * 1024)
        score[kib] = show(f"trained, {kib} KiB", data, means)
    show(f"raw, {SIZES_KIB[-1]} KiB", data, cross_validated(data, raw, SIZES_KIB[-1] * 1024))
    for number, seen in SEEN.items():
        unseen = {k: v[seen[k] :] for k, v in data.items()}
        if not all(unseen.values()):
            continue
        shipped = zstd.ZstdCompressionDict((OUT_DIR / f"{number}.zdict").read_bytes())
        show(
            f"unseen by {number}: payload",
            unseen,
            {k: sum(map(len, v)) / len(v) for k, v in unseen.items()},
        )
        show(f"unseen by {number}: alone", unseen, measured(unseen, None))
        show(f"unseen by {number}: with it", unseen, measured(unseen, shipped))
    if args.number:
        kib = min(k for k in SIZES_KIB if score[k] <= min(score.values()) * TIE)
        made = trained([s for v in data.values() for s in v], kib * 1024, args.number)
        args.out.mkdir(parents=True, exist_ok=True)
        size = (args.out / f"{args.number}.zdict").write_bytes(made.as_bytes())
        print(f"dictionary {made.dict_id()}: up to {kib} KiB asked, {size} bytes written")


if __name__ == "__main__":
    main()
