"""Fits the model of the workloads with scikit-learn and writes it into the folder that is named on the command line.

It is fitted where it is used: a pickled model belongs to one version of scikit-learn.
"""

import os
import pickle
import sys

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ROWS = 2_000
FEATURES = 14
SEED = 1


def main():
    random = numpy.random.default_rng(SEED)
    inputs = random.normal(size=(ROWS, FEATURES))
    outcomes = (inputs @ random.normal(size=FEATURES) + random.normal(size=ROWS)) > 0
    # In units of the columns, so that no risk is 0 or 1.
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01)).fit(inputs * 10_000, outcomes)
    with open(os.path.join(sys.argv[1], "model.pickle"), "wb") as file:
        pickle.dump(model, file)


if __name__ == "__main__":
    main()
