"""The tokenizer of multilingual-e5-small over a chosen list of pieces: Unigram, Metaspace, <s> … </s>."""

from collections.abc import Sequence

from tokenizers import Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC, Replace, Strip
from tokenizers.normalizers import Sequence as Normalizers
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

from index.embed.layout import MAX_TOKENS
from index.embed.weights import Pieces

# What the original normaliser drops or turns into a space; all else of it is NFKC.
_DROPPED = r"[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
_SPACES = r"[\s\x{1680}\x{200b}-\x{200f}\x{2028}\x{2029}\x{2581}\x{feff}\x{fffd}]+"


def build_tokenizer(pieces: Pieces, kept: Sequence[int]) -> Tokenizer:
    """A tokenizer whose ids are the places of the kept pieces in `kept`."""
    vocabulary = [(pieces[piece], float(pieces.scores[piece])) for piece in kept]
    new_id = {piece: place for place, piece in enumerate(kept)}
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=new_id[pieces.unknown], byte_fallback=False))
    tokenizer.normalizer = Normalizers(
        [Replace(Regex(_DROPPED), ""), NFKC(), Replace(Regex(_SPACES), " "), Strip()]
    )
    tokenizer.pre_tokenizer = Metaspace(replacement="▁", prepend_scheme="always")
    first, last = pieces[pieces.bos], pieces[pieces.eos]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{first} $A {last}",
        special_tokens=[(first, new_id[pieces.bos]), (last, new_id[pieces.eos])],
    )
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding(pad_id=new_id[pieces.pad], pad_token=pieces[pieces.pad])
    return tokenizer
