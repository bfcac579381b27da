"""One whole run of one peer: read a file, train, print the last loss.

python benchmarks/from_file.py PEER_MODULE FILE EPOCHS
"""

import importlib
import json
import sys
from pathlib import Path

from workload import read


def main() -> None:
    module, file, epochs = sys.argv[1:]
    peer = importlib.import_module(f"peers.{module}")
    loss = peer.Trainer(*read(Path(file))).train(int(epochs))
    print(json.dumps({"loss": loss}))


if __name__ == "__main__":
    main()
