"""One whole run of one peer: read a CSV file, train, print the last loss.

python benchmarks/from_csv.py PEER_MODULE FILE EPOCHS
"""

import importlib
import json
import sys

from workload import read_csv


def main() -> None:
    module, file, epochs = sys.argv[1:]
    peer = importlib.import_module(f"peers.{module}")
    x, y = read_csv(file)
    loss = peer.Trainer(x, y, dropout=0.0).train(int(epochs))
    print(json.dumps({"loss": loss}))


if __name__ == "__main__":
    main()
