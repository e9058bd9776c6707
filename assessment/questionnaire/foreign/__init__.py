"""Questionnaires of other makes → drafts of ours, each with a report of what could not be carried.

Only the converters are here: whose questionnaire it is decides who may use it.
"""
