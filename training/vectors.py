"""Floret vectors of lower-cased words from `words.txt`.

    python training/vectors.py WORDS OUT

One thread, so that the same text gives the same vectors. Hashing with subwords keeps the table small and gives every
word a vector, place names never seen before among them.
"""

import sys

import floret


def main(words: str, out: str) -> None:
    model = floret.train_unsupervised(
        words, mode="floret", model="skipgram", dim=64, minn=3, maxn=5, minCount=3, neg=5,
        hashCount=2, bucket=20000, epoch=5, lr=0.05, ws=5, thread=1, verbose=0,
    )  # fmt: skip
    model.save_floret_vectors(out)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
