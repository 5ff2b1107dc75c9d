#include "app/base/error_text.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "app/base/hub_error_text.h"
#include "app/base/library_error_text.h"
#include "app/base/model_error_text.h"

namespace pellucid::app {

namespace {

// The sentences of engine and storage, which know no Qt, as they stand there; %1 … is what they fill in. A
// test keeps every line true to its source. What is in no list is shown under a sentence for its code.
constexpr const char* kSentences[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "the offline switch is on: %1 was not asked"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the offline switch was turned on"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the name %1 could not be looked up"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the proxy's name in %1 could not be looked up"),
    QT_TRANSLATE_NOOP("pellucid::errors", "no connection to %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 sent nothing for too long"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the connection to %1 broke off: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the connection to %1 broke off"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 shows a certificate by '%2', which is not trusted: %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 could not prove that it is %2: %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the list of trusted authorities cannot be read: %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 answered with status %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 answered with something that is not HTTP: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 sent this on from https to plain http: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "'%1' is not a web address"),
    QT_TRANSLATE_NOOP("pellucid::errors", "'%1' is not the address of a proxy"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Pellucid is already open on this data folder (process %1): %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Another program is using %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "The disk is full: could not write %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "No permission to write %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not make the folder %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not read or write %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not write %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not open %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not read %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not lock %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not rename %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "The database %1 is damaged: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "The database %1 was written by a newer Pellucid (schema %2, this one knows %3)"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "The database %1 was written by an older Pellucid (schema %2, this one reads %3)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "The database %1 is open for reading only"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is a database of another program"),
    QT_TRANSLATE_NOOP("pellucid::errors", "There is no backup %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "out of memory while using %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "This conversation is no longer there."),
    QT_TRANSLATE_NOOP("pellucid::errors", "There is no conversation %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "There is no message %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Message %1 was deleted"),
    QT_TRANSLATE_NOOP("pellucid::errors", "cannot %1 /%2: %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not a GGUF file (its first bytes are not 'GGUF')"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not a regular file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is a big-endian GGUF file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is empty"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: GGUF version %2 is not one this program reads (2, 3)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: general.architecture is %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 has the type code %3, which this program does not know"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: this is one of %2 parts of a model (split.count)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is missing: a part of this model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 lacks tensor %2, which %3 places there"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 has no weight_map"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "%1 places %2 in something else than a safetensors file of this folder"),
    QT_TRANSLATE_NOOP(
        "pellucid::errors",
        "%1 is a Python pickle (a PyTorch checkpoint); reading one runs whatever code it holds"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 holds no model.safetensors"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 holds no config.json"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 is in another file of the folder too"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not a JSON object"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 has %2 bytes, more than such a file can need"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "tensor %1 has the number format %2, which no weight of this model can have"),
    QT_TRANSLATE_NOOP("pellucid::errors", "tensor %1 has %2 rows, which %3 heads do not divide into pairs"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the experts of %1 have shapes %2 and %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "expert %1 of %2 is missing"),
    QT_TRANSLATE_NOOP("pellucid::errors", "tensor %1 is missing, and tie_word_embeddings is false"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: a scale is not a finite number"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: qweight, qzeros or scales are missing or of another form"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: qweight %2, qzeros %3 and scales %4 do not belong together"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: input %2 is in group %3 of %4"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "%1: its weight is packed, but config.json has no quantization_config for it"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: its weight or the scales weight_scale_inv are missing"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: its weight holds a value that is no number"),
    QT_TRANSLATE_NOOP("pellucid::errors", "model_type is %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not a whole number"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not a number"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not a text"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not true or false"),
    QT_TRANSLATE_NOOP("pellucid::errors", "hidden_act is %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "rope_scaling is of type %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "quantization_config.quant_method is %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "layer_types is not in the order that this family has"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: the tokenizer has %2 tokens, but %3 has %4 rows"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "%1: tensor %2 changes a layer that this model has not, or that cannot be adapted"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 has shape %3, the model needs %4"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 has no other half"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 changes no layer of this model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not an adapter (general.type is %2)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is for models of architecture %2, this one is %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 is not part of a LoRA adapter"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 holds no adapter_config.json"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the device %1 does not run adapters (LoRA)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: the strength of an adapter goes up to 100"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: split.no is %2 and split.count %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 is in another part too"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: split.tensors.count is %2, but the parts hold %3 tensors"),
    QT_TRANSLATE_NOOP(
        "pellucid::errors",
        "%1: this is part %2 of %3 of a model (split.no, split.count), but its name does not end in %4"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is missing: part %2 of %3 of this model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 says that it is part %2 of %3"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "%1 is the picture part of a model (mmproj), not a model of language"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is an adapter (LoRA), not a model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 is missing from this %3 model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 has shape %3, expected %4"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 is not part of any %3 model this version knows"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tokenizer.ggml.tokens lists %2 tokens, but %3 has %4 rows"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 needs %3 bytes but the file ends after %4"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 ends at byte %3 but the file has only %4"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 claims %3 elements but only %4 bytes follow"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 of %3 is more than the file can hold"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 overlaps %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 appears twice"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 has a name of %3 bytes"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 has %3 dimensions (1 to 4 are possible)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 has the dimension %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 is larger than any file can be"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 lies beyond the end of any file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 begins at %3, not at a multiple of the alignment %4"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 has the unknown value type %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 is an array of the unknown value type %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 nests arrays more than %3 deep"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 is a boolean with the value %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 holds a boolean with the value %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 is %3, not a power of two up to %4"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 is not an integer"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "%1: %2 has rows of %3 values, which blocks of %4 (%5) do not divide"),
    QT_TRANSLATE_NOOP("pellucid::errors", "metadata key %1 is missing"),
    QT_TRANSLATE_NOOP("pellucid::errors", "metadata key %1 has a value that does not fit %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "tensor %1 is missing"),
    QT_TRANSLATE_NOOP("pellucid::errors", "tensor %1 has bytes that do not fit its shape"),
    QT_TRANSLATE_NOOP("pellucid::errors", "tensor %1 has another shape than the model's settings ask for"),
    QT_TRANSLATE_NOOP("pellucid::errors", "tensor %1 is in %2, which the CPU device cannot run"),
    QT_TRANSLATE_NOOP("pellucid::errors", "token_embd.weight is missing"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1.expert_count is set: this model routes its tokens to experts"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the pre-tokenizer %1 (tokenizer.ggml.pre) is not known"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the tokenizer model %1 (tokenizer.ggml.model) is not supported"),
    QT_TRANSLATE_NOOP("pellucid::errors", "this model file has no vocabulary (tokenizer.ggml.model is %1)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the vocabulary has no tokens"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the vocabulary has %1 tokens but %2 scores"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the vocabulary has %1 tokens but %2 token types"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the model's chat template cannot be read: %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the model's chat template refused this conversation: %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "rendering the chat template ran out of memory"),
    QT_TRANSLATE_NOOP("pellucid::errors", "cannot allocate %1 MiB"),
    QT_TRANSLATE_NOOP("pellucid::errors", "a context of %1 tokens was asked for; %2 was trained for %3"),
    QT_TRANSLATE_NOOP(
        "pellucid::errors",
        "%1 needs %2 with a context of %3 tokens (weights %4, context %5, working memory %6); %7"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the KV cache is full: all %1 pages of %2 tokens are in use"),
    QT_TRANSLATE_NOOP("pellucid::errors", "no memory is left for this conversation's context"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the prompt has %1 tokens and the context holds %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the model is a base model: its file holds no chat template"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the model file holds no tokenizer, so it cannot read text"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the conversation is empty"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the prompt is empty"),
    QT_TRANSLATE_NOOP("pellucid::errors", "there is no device %1 here"),
    QT_TRANSLATE_NOOP("pellucid::errors", "CUDA: %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "loading was stopped"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the reply has already ended"),
    QT_TRANSLATE_NOOP("pellucid::errors", "this session is already replying"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the model's output leaves no token possible"),
    QT_TRANSLATE_NOOP("pellucid::errors", "\"%1\": its messages go round in a circle."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Message %1 has no selected version."),
    QT_TRANSLATE_NOOP("pellucid::errors", "This file was written by a newer version of Pellucid."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Conversation \"%1\", message %2: its parent does not come before it."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Conversation \"%1\", message %2: its id is missing or taken."),
};

/// Parts that stand inside sentences: names of things in files, and what the system says.
constexpr const char* kParts[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "open"),
    QT_TRANSLATE_NOOP("pellucid::errors", "map"),
    QT_TRANSLATE_NOOP("pellucid::errors", "read the size of"),
    QT_TRANSLATE_NOOP("pellucid::errors", "tensor %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "metadata key %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "metadata entry %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the tensor count"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the metadata count"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the header"),
    QT_TRANSLATE_NOOP("pellucid::errors", "No space left on device"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Permission denied"),
    QT_TRANSLATE_NOOP("pellucid::errors", "No such file or directory"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Read-only file system"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Is a directory"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Not a directory"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Input/output error"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Disk quota exceeded"),
    QT_TRANSLATE_NOOP("pellucid::errors", "File too large"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Operation not permitted"),
    QT_TRANSLATE_NOOP("pellucid::errors", "attempt to write a readonly database"),
    QT_TRANSLATE_NOOP("pellucid::errors", "file is not a database"),
    QT_TRANSLATE_NOOP("pellucid::errors", "database disk image is malformed"),
    QT_TRANSLATE_NOOP("pellucid::errors", "unable to open database file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is missing"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is free"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 tokens, not %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "token %1 is %2, not %3"),
};

constexpr const char* kHints[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "turn it off to use the network"),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the network and the address"),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the proxy in the network settings"),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the network and the proxy settings"),
    QT_TRANSLATE_NOOP(
        "pellucid::errors",
        "an antivirus program or a company's proxy that reads along does this: add its authority in the "
        "network settings, or use another network. The check is never left out"),
    QT_TRANSLATE_NOOP("pellucid::errors", "write it with https:// at its beginning"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "write it like http://proxy.example.com:3128 or socks5h://127.0.0.1:1080"),
    QT_TRANSLATE_NOOP("pellucid::errors", "nothing was asked there; use another source"),
    QT_TRANSLATE_NOOP("pellucid::errors", "start the program again, or run on --device cpu"),
    QT_TRANSLATE_NOOP(
        "pellucid::errors",
        "close other programs that use the graphics card, choose a shorter context or a smaller model, "
        "or run on --device cpu"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose a GGUF model file"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "this is a zip archive or a PyTorch checkpoint; download a GGUF file"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "this is a web page saved in place of the model; download the file again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "this looks like a safetensors file; open its folder instead"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "the file does not say what model it holds; choose a language model in GGUF form"),
    QT_TRANSLATE_NOOP("pellucid::errors", "a context of %1 tokens fits"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "close other programs, or choose a smaller model or a stronger quantisation"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Use the window that is open, or start this one with another --data-dir."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Free some space on that disk and try again; nothing that was saved is lost."),
    QT_TRANSLATE_NOOP(
        "pellucid::errors",
        "Make the folder and its files writable for you, or choose another data folder with --data-dir."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Check that the folder is there, or choose another with --data-dir."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Check the disk and the path, then try again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Close the other program that has it open and try again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Choose another data folder with --data-dir."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Install the newer version again, or choose another data folder with --data-dir."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Open it once where it can be written: it is then brought up to date, with a backup."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Nothing was deleted. The newest backup is %1."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Nothing was deleted. Open the newest backup from %1."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Nothing was deleted, and there is no backup yet. Move %1 aside to start empty, or try "
                      "to recover it with: sqlite3 FILE .recover"),
    QT_TRANSLATE_NOOP("pellucid::errors", "It may have been deleted."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Undo the deletion first."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Regenerate it instead."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Export what you want to keep."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Please report this."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Split it."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Nothing was imported."),
    QT_TRANSLATE_NOOP("pellucid::errors", "The file is not a whole ChatGPT export. Nothing was imported."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "The file is not a whole LM Studio conversation. Nothing was imported."),
    QT_TRANSLATE_NOOP("pellucid::errors", "The file was changed or is incomplete. Nothing was imported."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Update Pellucid, then import it again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the path"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose a file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "give your user permission to read the file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "close other programs and try again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the disk that holds the file"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "close other programs, choose a smaller model or a shorter context"),
    QT_TRANSLATE_NOOP("pellucid::errors", "close other programs or choose a smaller model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose a smaller model or a shorter context"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose a shorter context"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose 1 to %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "download the model again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "download the file again and compare its size with the source's"),
    QT_TRANSLATE_NOOP("pellucid::errors", "download the model file again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "download it again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the file is damaged; download it again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the model file is incomplete; download it again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the model file is incomplete"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "the file is incomplete; download it again, and if it came in parts choose the whole"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "the file is damaged or is not the model it says; download it again"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "the file is damaged or was put together from two models; download it again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the file holds no complete language model; download it again"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "the file is incomplete or of a kind this version does not know; try another "
                      "conversion of the model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "try another conversion of the model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use another conversion of this model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use a little-endian conversion of the model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "convert the model again with a current converter"),
    QT_TRANSLATE_NOOP("pellucid::errors", "update this program"),
    QT_TRANSLATE_NOOP("pellucid::errors", "update this program, or choose another quantisation of the model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose another quantisation of the model, such as Q4_K_M"),
    QT_TRANSLATE_NOOP("pellucid::errors", "keep all parts in one folder and open any of them by its path"),
    QT_TRANSLATE_NOOP("pellucid::errors", "download the whole folder again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "download the folder again"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "use the model's safetensors files, or a GGUF file; both hold numbers only"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "download the folder with its safetensors files, or choose a GGUF file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose the folder of a model as it was published, or a GGUF file"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "choose the model in BF16, F16, FP8, GPTQ or AWQ, or as a GGUF file"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "config.json and the weights are of different models; download both again"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "config.json is damaged or not of this model; download the folder again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the weights are damaged; download the folder again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the weights are incomplete; download the folder again"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "the weights are damaged or of another packing; download the folder again"),
    QT_TRANSLATE_NOOP(
        "pellucid::errors",
        "this version knows linear, yarn, llama3 and longrope; use a newer one or another model"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "tokenizer and weights are of different models; download both again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use an adapter that was made for this model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "download the adapter again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose a LoRA adapter in GGUF form or a PEFT folder"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose a LoRA adapter"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose a plain LoRA adapter"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose --device cpu, or do without the adapter"),
    QT_TRANSLATE_NOOP("pellucid::errors", "give a strength such as 1 or 0.5"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "the parts are of different models or damaged; download all of them again"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "give all parts the names they were published under, so that they are found"),
    QT_TRANSLATE_NOOP("pellucid::errors", "download all parts into one folder"),
    QT_TRANSLATE_NOOP("pellucid::errors", "open the model that lies beside it; this version reads text only"),
    QT_TRANSLATE_NOOP("pellucid::errors", "open the model that it was made for, and add the adapter to it"),
    QT_TRANSLATE_NOOP(
        "pellucid::errors",
        "running it without that tensor would give wrong answers; use a newer version or another model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "this version runs %1; choose such a model or a newer version"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "this family is known without experts only; use a newer version or another model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use a newer version or another model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1.expert_gating_func is not known"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 of %3 experts in %4 of %5 groups cannot be chosen"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not the matrix of a shared expert"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "this version runs grouped-query attention with equal key and value widths only"),
    QT_TRANSLATE_NOOP("pellucid::errors", "this model needs a newer version of Pellucid"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Change the conversation as the message says, or choose another template for this "
                      "model in its settings."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Choose another template for this model in its settings."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Shorten the conversation."),
    QT_TRANSLATE_NOOP("pellucid::errors", "end another reply, or load the model with a longer context"),
    QT_TRANSLATE_NOOP("pellucid::errors", "stop other replies or open the model with a longer context"),
    QT_TRANSLATE_NOOP("pellucid::errors", "remove earlier messages or open the model with a longer context"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use plain completion, or choose a model that was trained to chat"),
    QT_TRANSLATE_NOOP("pellucid::errors", "give token ids, or use a complete model file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use f16, f32, q8, fp8, q4 or q3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose --kv f16"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose one of: %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "stop the running reply first"),
    QT_TRANSLATE_NOOP("pellucid::errors", "write a message first"),
    QT_TRANSLATE_NOOP("pellucid::errors", "write something first"),
    QT_TRANSLATE_NOOP("pellucid::errors", "verify the model file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the file is byte-swapped; use a little-endian conversion"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "this is a model in a format older than GGUF; convert it or download a GGUF file"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "this is a Git LFS pointer, not the model; download the file itself"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use a file made by a current converter, or another model"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "the file is damaged or was written by a converter this version does not know; "
                      "download it again or convert the model anew"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "download the model file again, or use another conversion of this model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Install Pellucid again."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "byte-level BPE (gpt2), SentencePiece (llama, t5) and WordPiece (bert) are"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use another conversion of this model, or report the pattern"),
};

struct CodeText {
    ErrorCode code;
    struct {
        const char *source, *comment;  // all have the source "%1"; the comment tells them apart
    } text;
};
constexpr CodeText kCodes[] = {
    {ErrorCode::invalid_argument, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "invalid_argument")},
    {ErrorCode::not_found, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "not_found")},
    {ErrorCode::io, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "io")},
    {ErrorCode::no_space, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "no_space")},
    {ErrorCode::read_only, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "read_only")},
    {ErrorCode::corrupt, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "corrupt")},
    {ErrorCode::unsupported, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "unsupported")},
    {ErrorCode::out_of_memory, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "out_of_memory")},
    {ErrorCode::context_overflow, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "context_overflow")},
    {ErrorCode::template_failed, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "template_failed")},
    {ErrorCode::cancelled, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "cancelled")},
    {ErrorCode::busy, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "busy")},
    {ErrorCode::device_lost, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "device_lost")},
    {ErrorCode::offline, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "offline")},
    {ErrorCode::dns, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "dns")},
    {ErrorCode::refused, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "refused")},
    {ErrorCode::connection_lost, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "connection_lost")},
    {ErrorCode::timed_out, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "timed_out")},
    {ErrorCode::tls, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "tls")},
    {ErrorCode::http_status, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "http_status")},
    {ErrorCode::not_allowed, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "not_allowed")},
    {ErrorCode::too_large, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "too_large")},
    {ErrorCode::encrypted, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "encrypted")},
    {ErrorCode::crashed, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "crashed")},
    {ErrorCode::forbidden, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "forbidden")},
    {ErrorCode::internal, QT_TRANSLATE_NOOP3("pellucid::errors", "%1", "internal")},
};

struct Pattern {
    const char* source;
    QRegularExpression form;  // the source with a group for each %n
    QVector<int> places;      // the n of each group
};

std::vector<Pattern> patternsOf(std::span<const char* const> sources) {
    static const QRegularExpression place(QStringLiteral("%(\\d)"));
    std::vector<Pattern> patterns;
    for (const char* const at : sources) {
        const QString source = QString::fromUtf8(at);
        Pattern pattern{at, {}, {}};
        QString form;
        qsizetype from = 0;
        for (auto match = place.globalMatch(source); match.hasNext();) {
            const auto found = match.next();
            form += QRegularExpression::escape(source.mid(from, found.capturedStart() - from));
            form += QStringLiteral("(.+?)");
            pattern.places.append(found.captured(1).toInt());
            from = found.capturedEnd();
        }
        form += QRegularExpression::escape(source.mid(from));
        pattern.form = QRegularExpression(QRegularExpression::anchoredPattern(form),
                                          QRegularExpression::DotMatchesEverythingOption);
        patterns.push_back(std::move(pattern));
    }
    return patterns;
}

std::vector<Pattern> joined(std::vector<Pattern> first, const std::vector<Pattern>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

QString translated(const char* source, const char* comment = nullptr) {
    return QCoreApplication::translate("pellucid::errors", source, comment);
}

/// Empty: no pattern has this form.
QString byPattern(const std::vector<Pattern>& patterns, const QString& text);

QString part(const QString& text) {
    static const std::vector<Pattern> kPatterns = patternsOf(kParts);
    const QString found = byPattern(kPatterns, text);
    return found.isEmpty() ? text : found;
}

QString byPattern(const std::vector<Pattern>& patterns, const QString& text) {
    for (const Pattern& pattern : patterns) {
        const auto match = pattern.form.match(text);
        if (!match.hasMatch()) continue;
        QStringList values(9);
        for (qsizetype i = 0; i < pattern.places.size(); ++i)
            values[pattern.places[i] - 1] = part(match.captured(static_cast<int>(i) + 1));
        QString result = translated(pattern.source);
        // By hand: a value may itself hold "%1".
        for (qsizetype at = 0; (at = result.indexOf(u'%', at)) >= 0;) {
            const int place = at + 1 < result.size() ? result[at + 1].digitValue() : -1;
            if (place < 1) {
                ++at;
                continue;
            }
            const QString& value = values[place - 1];
            result.replace(at, 2, value);
            at += value.size();
        }
        return result;
    }
    return {};
}

const char* codeName(ErrorCode code) {
    for (const CodeText& known : kCodes)
        if (known.code == code) return known.text.comment;
    return "internal";
}

/// A sentence for the window: engine and storage write as a command line wants it, "could not …" without an
/// end.
QString sentence(QString text) {
    const QString first = text.section(u' ', 0, 0);
    const bool word =
        std::all_of(first.cbegin(), first.cend(), [](QChar c) { return c >= u'a' && c <= u'z'; });
    if (word && !first.isEmpty()) text[0] = text[0].toUpper();
    const QChar last = text.back();
    if (last.script() == QChar::Script_Han || last == u'）')
        text += u'。';
    else if (last.isLetterOrNumber() || last == u')' || last == u'\'' || last == u'"')
        text += u'.';
    return text;
}

/// The window speaks the language in which engine and storage write.
bool asWritten() {
    return translated("%1", "internal") == QLatin1String("%1");
}

}  // namespace

QString whatOf(const Error& error) {
    const QString text = QString::fromStdString(error.what);
    if (text.isEmpty()) return text;
    if (asWritten()) return sentence(text);
    static const std::vector<Pattern> kPatterns =
        joined(joined(patternsOf(model_sentences()), patternsOf(kSentences)),
               joined(patternsOf(library_sentences()), patternsOf(hub_sentences())));
    const QString found = byPattern(kPatterns, text);
    if (!found.isEmpty()) return sentence(found);
    // "FILE: what is wrong with it".
    if (const qsizetype colon = text.indexOf(QLatin1String(": ")); colon > 0) {
        const QString rest = byPattern(kPatterns, text.mid(colon + 2));
        if (!rest.isEmpty()) return sentence(text.left(colon) + u'：' + rest);
    }
    // Said by the app itself, and translated already.
    for (const QChar c : text)
        if (c.unicode() > 0x2e80 && c.script() == QChar::Script_Han) return text;
    return sentence(translated("%1", codeName(error.code)).arg(text));
}

QString hintOf(const Error& error) {
    const QString text = QString::fromStdString(error.hint);
    if (text.isEmpty()) return text;
    if (asWritten()) return sentence(text);
    static const std::vector<Pattern> kPatterns =
        joined(joined(patternsOf(model_hints()), patternsOf(kHints)),
               joined(patternsOf(library_hints()), patternsOf(hub_hints())));
    const QString found = byPattern(kPatterns, text);
    return sentence(found.isEmpty() ? text : found);
}

QStringList errorTexts() {
    QStringList texts;
    for (const auto& list :
         {std::span<const char* const>(kSentences), std::span<const char* const>(kHints), model_sentences(),
          model_hints(), library_sentences(), library_hints(), hub_sentences(), hub_hints()})
        for (const char* text : list) texts.append(QString::fromUtf8(text));
    return texts;
}

}  // namespace pellucid::app
