// Everything stored, opened in the right order and closed in the other. The app's composition root holds one.
#pragma once

#include <memory>

#include "storage/archive.h"
#include "storage/downloads.h"
#include "storage/library_moves.h"
#include "storage/model_files.h"
#include "storage/model_presets.h"
#include "storage/models.h"
#include "storage/network_ledger.h"
#include "storage/reply_stream.h"
#include "storage/search.h"
#include "storage/settings.h"

namespace pellucid::storage {

class Store {
public:
    /// Errors are those of Database::open().
    static Result<std::unique_ptr<Store>> open(DatabaseOptions options,
                                               std::vector<SettingSpec> settings = {});
    ~Store();

    Database& database() { return *database_; }
    Conversations& conversations() { return *conversations_; }
    Models& models() { return *models_; }
    NetworkLedger& ledger() { return *ledger_; }
    DownloadRows& downloads() { return *downloads_; }
    ModelFiles& model_files() { return *model_files_; }
    ModelPresets& model_presets() { return *model_presets_; }
    LibraryMoves& library_moves() { return *library_moves_; }
    Settings& settings() { return *settings_; }
    Search& search() { return *search_; }
    ReplyStreams& replies() { return *replies_; }
    StorageThread& thread() { return *thread_; }
    /// Everything written and streamed so far survives a loss of power when it returns.
    Result<void> flush();

private:
    Store();
    // In this order: each uses those above it.
    std::unique_ptr<Database> database_;
    std::unique_ptr<StorageThread> thread_;
    std::unique_ptr<Conversations> conversations_;
    std::unique_ptr<Models> models_;
    std::unique_ptr<NetworkLedger> ledger_;
    std::unique_ptr<DownloadRows> downloads_;
    std::unique_ptr<ModelFiles> model_files_;
    std::unique_ptr<ModelPresets> model_presets_;
    std::unique_ptr<LibraryMoves> library_moves_;
    std::unique_ptr<Settings> settings_;
    std::unique_ptr<Search> search_;
    std::unique_ptr<ReplyStreams> replies_;
};

}  // namespace pellucid::storage
