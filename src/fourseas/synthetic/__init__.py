"""Synthetic worlds: records of OpenAlex's shape at any size, with effects that are known.

Countries, years and topics have the sizes of real registers; who works with whom, who cites whom
and what is wrong with the records are drawn by rules that stand in `planted`. A model that is
asked of such a world can be held against what was planted in it.
"""
