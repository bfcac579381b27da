"""Sick and healthy trainings with known answers, to measure the diagnosis by."""
