#include "engine/runtime/collect_importance.h"

#include <algorithm>
#include <memory>
#include <string>

namespace pellucid {
namespace {

class Collector final : public ProductObserver {
public:
    explicit Collector(ImportanceMatrix& matrix) : matrix_(matrix) {}

    void reads(std::string_view tensor, int slice, int slices, std::span<const float> x, int rows) override {
        if (rows == 0) return;
        const std::size_t columns = x.size() / static_cast<std::size_t>(rows);
        ImportanceMatrix::Sums& sums = matrix_.tensors[std::string(tensor)];
        sums.counts.resize(static_cast<std::size_t>(slices));
        sums.squares.resize(sums.counts.size() * columns);
        double* squares = sums.squares.data() + static_cast<std::size_t>(slice) * columns;
        for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row)
            for (std::size_t i = 0; i < columns; ++i) {
                const double value = x[row * columns + i];
                squares[i] += value * value;
            }
        sums.counts[static_cast<std::size_t>(slice)] += rows;
    }

private:
    ImportanceMatrix& matrix_;
};

}  // namespace

Result<ImportanceMatrix> collect_importance(const ModelFile& model, Backend& backend,
                                            std::span<const TokenId> tokens, const CollectOptions& options) {
    const auto window = static_cast<std::size_t>(std::max(1, options.window));
    const std::size_t windows = tokens.size() / window;
    if (windows == 0)
        return fail(ErrorCode::invalid_argument,
                    "the text has " + std::to_string(tokens.size()) + " tokens, less than one window of " +
                        std::to_string(window),
                    "give a longer text");
    ImportanceMatrix matrix;
    RunnerOptions runner_options;
    runner_options.pages = (options.window + runner_options.page_tokens - 1) / runner_options.page_tokens;
    runner_options.max_sequences = 1;
    runner_options.observer = std::make_shared<Collector>(matrix);
    PrepareOptions prepare;
    prepare.cancel = options.cancel;
    PELLUCID_TRY(const auto weights, backend.prepare(model.spec, model.weights, prepare));
    PELLUCID_TRY(const auto runner, weights->make_runner(runner_options));
    for (std::size_t w = 0; w < windows; ++w) {
        if (options.progress) options.progress(static_cast<int>(w), static_cast<int>(windows));
        BatchSequence sequence;
        for (PageId page = 0; page < runner_options.pages; ++page) sequence.pages.push_back(page);
        while (sequence.length < options.window) {
            Batch batch;
            batch.sequences.push_back(sequence);
            const int rows = std::min(runner_options.max_batch_rows, options.window - sequence.length);
            for (int i = 0; i < rows; ++i) {
                Row row;
                row.position = sequence.length + i;
                const TokenId id = tokens[w * window + static_cast<std::size_t>(row.position)];
                row.input = row.position == 0 && options.bos ? *options.bos : id;
                batch.rows.push_back(std::move(row));
            }
            PELLUCID_TRY(const Ticket ticket, runner->submit(batch, options.cancel));
            PELLUCID_TRY(const StepResult done, runner->wait(ticket));
            (void)done;
            sequence.length += rows;
        }
        if (matrix.tensors.empty())
            return fail(
                ErrorCode::unsupported,
                "the device \"" + std::string(backend.name()) + "\" does not tell what its products read",
                "compute the importance matrix on the cpu");
    }
    if (options.progress) options.progress(static_cast<int>(windows), static_cast<int>(windows));
    matrix.chunk_tokens = options.window;
    matrix.chunks = static_cast<std::int64_t>(windows);
    return matrix;
}

}  // namespace pellucid
