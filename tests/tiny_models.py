"""Models of a few kilobytes, with random weights, made where a test needs one."""

from __future__ import annotations

import json
from pathlib import Path

import torch

WORDS = "the wall opened in 1989 when did it open crane cut a ribbon on monday berlin".split()
SMALL = {
    "hidden_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 64,
}


def write_vocab(folder: Path) -> Path:
    """Write a WordPiece vocabulary of some words and all small letters."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,?!"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    pieces += [one for one in letters if one not in WORDS] + [f"##{one}" for one in letters]
    path = folder / "vocab.txt"
    path.write_text("\n".join(pieces) + "\n", encoding="utf-8")
    return path


def bert_tokenizer(folder: Path):
    """Make a lower-casing BERT tokenizer and save it."""
    from transformers import BertTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    vocab = {
        piece: row for row, piece in enumerate(write_vocab(folder).read_text().split("\n")[:-1])
    }
    tokenizer = BertTokenizer(vocab=vocab, do_lower_case=True, model_max_length=64)
    tokenizer.save_pretrained(folder)
    return tokenizer


def bert_reader(folder: Path, *, head: bool = True, safe: bool = True) -> Path:
    """Make a tiny BERT, with or without a span head, in safetensors or as a pickle."""
    from transformers import BertConfig, BertForQuestionAnswering, BertModel

    tokenizer = bert_tokenizer(folder)
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(tokenizer), **SMALL)
    model = BertForQuestionAnswering(config) if head else BertModel(config)
    model.save_pretrained(folder)
    if not safe:
        (folder / "model.safetensors").unlink()
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
    return folder


def roberta_reader(folder: Path) -> Path:
    """Make a tiny RoBERTa: byte-level pieces, no token types, positions that start at 2."""
    from tokenizers import ByteLevelBPETokenizer
    from transformers import RobertaConfig, RobertaForQuestionAnswering

    folder.mkdir(parents=True, exist_ok=True)
    bpe = ByteLevelBPETokenizer()
    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    bpe.train_from_iterator([" ".join(WORDS)] * 20, vocab_size=320, special_tokens=specials)
    bpe.save_model(str(folder))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "RobertaTokenizer", "model_max_length": 64})
    )
    torch.manual_seed(0)
    sizes = SMALL | {"max_position_embeddings": 66}
    config = RobertaConfig(vocab_size=bpe.get_vocab_size(), pad_token_id=1, **sizes)
    RobertaForQuestionAnswering(config).save_pretrained(folder)
    return folder


def sentence_embedder(folder: Path) -> Path:
    """Make a tiny sentence-transformers model and save it."""
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel

    plain = folder.parent / f"{folder.name}-plain"
    tokenizer = bert_tokenizer(plain)
    torch.manual_seed(0)
    BertModel(BertConfig(vocab_size=len(tokenizer), **SMALL)).save_pretrained(plain)
    model = SentenceTransformer(str(plain), device="cpu")  # adds the mean over word pieces
    model.max_seq_length = 32
    model.save(str(folder))
    return folder
