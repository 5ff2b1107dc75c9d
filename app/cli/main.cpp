// pellucid-cli: results on stdout, diagnostics on stderr; exit 0 done, 1 failed (with one clear line), 2
// wrong use.
#include <cstdio>

#include "app/cli/command.h"

int main(int argc, char** argv) {
    using namespace pellucid::cli;
    CLI::App root("Pellucid on the command line: run, measure and look into language models on this machine.",
                  "pellucid-cli");
    root.set_version_flag("--version", "pellucid-cli " PELLUCID_VERSION);
    root.require_subcommand(1);
    std::vector<Command> commands = {add_run(root),        add_chat(root),     add_logits(root),
                                           add_tokenize(root),   add_template(root), add_bench(root),
                                           add_perplexity(root), add_inspect(root),  add_models(root),
                                           add_quantize(root),   add_embed(root)};
#ifdef PELLUCID_HAS_STORAGE
    commands.push_back(add_docs(root));
#endif
    try {
        root.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return root.exit(error) == 0 ? kDone : kUsage;  // --help and --version are "errors" that exit 0
    }
    for (const auto& command : commands) {
        if (!command.app->parsed()) continue;
        try {
            const auto result = command.run();
            if (result.ok()) return std::fflush(stdout) == 0 ? kDone : kFailed;
            std::fprintf(stderr, "pellucid-cli: %s\n", result.error().message().c_str());
            return kFailed;
        } catch (const UsageError& error) {
            std::fprintf(stderr, "%s\nRun pellucid-cli %s --help for more information.\n", error.what(),
                         command.app->get_name().c_str());
            return kUsage;
        } catch (const std::bad_alloc&) {
            std::fprintf(stderr, "pellucid-cli: out of memory (choose a smaller model or a shorter --ctx)\n");
            return kFailed;
        }
    }
    return kUsage;
}
