// Any bytes as a model: reading its spec, planning its memory and, where it is tiny, running two tokens must
// stay in bounds and answer with typed errors.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "engine/format/gguf_file.h"
#include "engine/memory/memory_plan.h"
#include "engine/model/model_file.h"
#include "engine/ops/reference_backend.h"

namespace {

using namespace pellucid;

void require_explained(const Error& error) {
    if (error.what.empty() || error.hint.empty()) std::abort();
}

void run_two_tokens(Backend& backend, const ModelFile& model, std::shared_ptr<const ModelSpec> spec) {
    const auto prepared = backend.prepare(spec, model.weights, {});
    if (!prepared) return require_explained(prepared.error());
    RunnerOptions options;
    options.page_tokens = 1;
    options.pages = 2;
    options.max_batch_rows = 2;
    const auto runner = (*prepared)->make_runner(options);
    if (!runner) return require_explained(runner.error());
    Batch batch;
    batch.sequences.push_back({1, {1, 0}, 0});
    for (int position = 0; position < 2; ++position) {
        Row row;
        row.position = position;
        const TokenId id = position % spec->vocabulary;
        if (spec->next_input.present())
            row.input = NextTokenRow{id, std::vector<float>(static_cast<std::size_t>(spec->n_embd), 0.5f)};
        else
            row.input = id;
        row.output = RowOutput::logits;
        batch.rows.push_back(row);
    }
    const auto ticket = (*runner)->submit(batch);
    if (!ticket) std::abort();
    const auto result = (*runner)->wait(*ticket);
    if (!result || result->rows.size() != 2 ||
        result->rows[0].values.size() != static_cast<std::size_t>(spec->vocabulary))
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto backend = make_reference_backend(std::make_shared<ThreadPool>(1));
    const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
    for (const GgufRead read : {GgufRead::header_only, GgufRead::whole}) {
        auto file = GgufFile::parse(bytes, "fuzz", read);
        if (!file) continue;
        const auto model = read_model_file(*std::move(file));
        if (!model) {
            require_explained(model.error());
            continue;
        }
        const auto plan = plan_runner(*backend, *model->spec, *model->weights, {});
        if (!plan) std::abort();
        if (const auto fits = check_fits(*plan, *backend, *model->spec, *model->weights); !fits)
            require_explained(fits.error());
        if (read != GgufRead::whole || model->facts.parameters >= 20000) continue;
        run_two_tokens(*backend, *model, model->spec);
        for (const ModelSpec& next : model->spec->next_layers)
            if (parameter_count(next) < 20000)
                run_two_tokens(*backend, *model, std::make_shared<const ModelSpec>(next));
    }
    return 0;
}
