"""Trains the model of the default_risk artifact and writes everything in it that follows from the training.

    pip install -r examples/default_risk/requirements.txt
    python examples/default_risk/train.py

Writes ``model.pkl`` and ``features.json`` into ``artifact/python_dict``, the two ``versions.json`` and the sample
inputs. The run is deterministic: the same library versions write the same bytes.

The data are a stand-in. scikit-learn ships no credit data, so the breast cancer data set takes their place: 569 rows,
a yes or no outcome, and measurements that predict it well. Each column of the model is one measurement, moved by a
straight line to the range its new name suggests, and "malignant" stands for "defaulted". The columns, the fitting and
the file are those of a real model; what it says about credit is worth nothing.
"""

import json
import pickle
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent
PYTHON_DICT = HERE / "artifact" / "python_dict"
PYSPARK_DATAFRAME = HERE / "artifact" / "pyspark_dataframe"
SAMPLES = HERE / "samples"

SEED = 20250314
# Share of cells emptied before training, so that the imputer learns from data with holes like those of production.
MISSING_SHARE = 0.04
LIBRARIES = ("scikit-learn", "numpy", "scipy", "joblib", "threadpoolctl")

# Column of the artifact: (measurement it stands on, lowest value, highest value, decimals). A falling range turns the
# measurement round: the larger it is, the lower the bureau score.
COLUMNS = {
    "bureau_score": ("worst radius", 850.0, 300.0, 0),
    "revolving_utilisation": ("worst concave points", 0.0, 1.3, 4),
    "debt_to_income": ("mean concavity", 0.02, 0.9, 4),
    "months_on_book": ("worst symmetry", 240.0, 3.0, 0),
    "inquiries_6m": ("worst texture", 0.0, 14.0, 0),
    "late_payments_24m": ("radius error", 0.0, 20.0, 0),
    "highest_balance": ("area error", 150.0, 48000.0, 2),
    "average_balance": ("mean texture", 80.0, 21000.0, 2),
    "cash_advance_share": ("worst smoothness", 0.0, 0.8, 4),
    "payment_ratio": ("worst compactness", 1.0, 0.02, 4),
}


def load_accounts():
    """Feature matrix with NaN for empty cells, in the order of COLUMNS, and 1 for each account that defaulted."""
    data = load_breast_cancer()
    names = list(data.feature_names)
    columns = [_rescale(data.data[:, names.index(source)], *rest) for source, *rest in COLUMNS.values()]
    features = np.column_stack(columns)
    holes = np.random.default_rng(SEED).random(features.shape) < MISSING_SHARE
    features[holes] = np.nan
    return features, (data.target == 0).astype(int)


def _rescale(measurement, lowest, highest, decimals):
    share = (measurement - measurement.min()) / (measurement.max() - measurement.min())
    return np.round(lowest + share * (highest - lowest), decimals)


def train(features, defaulted):
    """The fitted pipeline and its area under the ROC curve on accounts it has not seen."""
    seen, unseen, seen_defaulted, unseen_defaulted = train_test_split(
        features, defaulted, test_size=0.25, stratify=defaulted, random_state=SEED
    )
    pipeline = make_pipeline(
        SimpleImputer(strategy="median"),
        StandardScaler(),
        LogisticRegression(C=0.3, max_iter=1000),
    )
    pipeline.fit(seen, seen_defaulted)
    return pipeline, roc_auc_score(unseen_defaulted, pipeline.predict_proba(unseen)[:, 1])


def write_samples(features):
    """Inputs of 1, 10 and 500 rows, one with the holes of the data, and one row without any number."""
    rows = [
        {
            "account_id": f"ACC-{number:06d}",
            **{name: None if np.isnan(value) else float(value) for name, value in zip(COLUMNS, values)},
        }
        for number, values in enumerate(features, start=100001)
    ]
    complete = [row for row in rows if None not in row.values()]
    with_holes = [row for row in rows if None in row.values()]
    empty = {"account_id": "ACC-200001", **dict.fromkeys(COLUMNS)}
    only_identifier = {"account_id": "ACC-200002"}
    _write_sample("one_row", complete[:1])
    _write_sample("ten_rows", complete[1:11])
    _write_sample("nulls", [*with_holes[:6], empty, only_identifier])
    _write_sample("five_hundred_rows", rows[:500])


def _write_sample(name, rows):
    lines = ",\n".join("    " + json.dumps(row) for row in rows)
    (SAMPLES / f"{name}.json").write_text(f'{{\n  "accounts": [\n{lines}\n  ]\n}}\n', encoding="utf-8")


def write_json(file, content):
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main():
    features, defaulted = load_accounts()
    pipeline, area = train(features, defaulted)
    (PYTHON_DICT / "model.pkl").write_bytes(pickle.dumps(pipeline, protocol=5))
    write_json(PYTHON_DICT / "features.json", list(COLUMNS))
    versions = {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}
    write_json(PYTHON_DICT / "versions.json", versions)
    write_json(PYSPARK_DATAFRAME / "versions.json", {**versions, "pyspark": "3.5.6"})
    write_samples(features)
    print(f"area under the ROC curve on unseen accounts: {area:.4f}")


if __name__ == "__main__":
    main()
