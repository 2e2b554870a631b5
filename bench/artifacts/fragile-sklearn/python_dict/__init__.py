"""A decision with a model of scikit-learn that dies of a score of 0 and hangs on a score of 1."""

import os
import pickle
import signal
import time

import numpy

with open(os.path.join(os.path.dirname(__file__), "model.pickle"), "rb") as file:
    MODEL = pickle.load(file)

INPUTS = numpy.zeros((1, 14))


def main(data):
    """Ask the model, then answer two fields of the one row of ``application``, or die, or hang."""
    application = data["application"]
    score = application["fico"]["values"][0]
    MODEL.predict_proba(INPUTS)
    if score == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    while score == 1:
        time.sleep(1)
    return {"application_id": application["application_id"]["values"][0], "score": score}
