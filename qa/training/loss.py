"""What a step is to lessen: the answer in its passage, among passages, and against "no answer"."""

from __future__ import annotations

import torch
from torch.nn import functional

from qa.training.batches import Batch

__all__ = ["span_loss"]

# Far below any logit; infinity would make the gradient of a row without a target not a number.
_OUT = -1e30


def span_loss(
    start: torch.Tensor, end: torch.Tensor, batch: Batch, joint: float, margin: float
) -> torch.Tensor:
    """Add up three losses over a batch.

    Under each passage's own normalisation, the right positions, or "no answer", are to take all
    the probability (Devlin et al. 2019; several right ones as Clark and Gardner 2018 sum them).
    Under one normalisation over all passages of a question, the right positions alone, since the
    product compares the span scores of passages without their null scores. And a known span, right
    or tempting, is to lie above or below "no answer".

    Args:
        start: float of shape (rows, length), logits of starting an answer.
        end: The same of ending one.
        batch: What is right.
        joint: Weight of the second loss.
        margin: Weight of the third.

    Returns:
        A scalar, the mean over the questions.
    """
    questions = int(batch.group[-1]) + 1
    answered = ~batch.starts[:, 0]
    own = torch.stack(
        [
            _missed(logits, targets, _with_null(batch.inside))
            for logits, targets in ((start, batch.starts), (end, batch.ends))
        ]
    ).mean(dim=0)
    # A question's passages count as one, however many there are.
    counts = torch.bincount(batch.group, minlength=questions).to(own.dtype)
    total = (own / counts[batch.group]).sum()
    total = total + joint * _joint(start, end, batch, answered)
    total = total + margin * _margin(start, end, batch, answered)
    return total / questions


def _joint(
    start: torch.Tensor, end: torch.Tensor, batch: Batch, answered: torch.Tensor
) -> torch.Tensor:
    """Sum, over the questions with an answer, what their right positions miss among all."""
    questions = int(batch.group[-1]) + 1
    asked = torch.zeros(questions, dtype=torch.bool, device=start.device)
    asked[batch.group[answered]] = True
    total = start.new_zeros(())
    for logits, targets in ((start, batch.starts), (end, batch.ends)):
        held = _by_question(_log_sum(logits, batch.inside), batch.group, questions)
        right = targets & answered[:, None]
        hit = _by_question(_log_sum(logits, right), batch.group, questions)
        total = total + (held - hit)[asked].sum() / 2
    return total


def _by_question(rows: torch.Tensor, group: torch.Tensor, questions: int) -> torch.Tensor:
    """Take the log of the sum of exponentials over the rows of each question."""
    highest = rows.new_full((questions,), _OUT).scatter_reduce(0, group, rows.detach(), "amax")
    summed = rows.new_zeros(questions).index_add(0, group, (rows - highest[group]).exp())
    return highest + summed.log()


def _margin(
    start: torch.Tensor, end: torch.Tensor, batch: Batch, answered: torch.Tensor
) -> torch.Tensor:
    """Sum, over the passages with a known span, how far it lies on the wrong side of the null."""
    rows = batch.known[:, 0] > 0
    if not bool(rows.any()):
        return start.new_zeros(())
    first, last = batch.known[rows].T
    span = start[rows].gather(1, first[:, None]) + end[rows].gather(1, last[:, None])
    above = span[:, 0] - (start[rows][:, 0] + end[rows][:, 0])
    return functional.softplus(torch.where(answered[rows], -above, above)).sum()


def _missed(logits: torch.Tensor, targets: torch.Tensor, inside: torch.Tensor) -> torch.Tensor:
    """Give the negative log of the share of probability, in each row, that its targets hold."""
    return _log_sum(logits, inside) - _log_sum(logits, targets)


def _log_sum(logits: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    return logits.masked_fill(~kept, _OUT).logsumexp(dim=1)


def _with_null(inside: torch.Tensor) -> torch.Tensor:
    found = inside.clone()
    found[:, 0] = True
    return found
