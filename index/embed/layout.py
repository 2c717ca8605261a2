"""The names that a prepared embedder goes by: its directory, its files, its graph, its prefixes."""

DIRECTORY = "multilingual-e5-small-q4"
MODEL, TOKENIZER, META = "model.onnx", "tokenizer.json", "meta.json"
INPUT_IDS, ATTENTION_MASK, EMBEDDING = "input_ids", "attention_mask", "embedding"
QUERY_PREFIX, PASSAGE_PREFIX = "query: ", "passage: "
MAX_TOKENS = 256
