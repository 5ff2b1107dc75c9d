#include "app/documents/document_library.h"

#include <algorithm>

#include "app/library/storage_error.h"

namespace pellucid::documents {

namespace fs = std::filesystem;
using library::from_storage;

fs::path database_file(const fs::path& data_folder) {
    return data_folder / "documents.db";
}

Result<std::unique_ptr<DocumentLibrary>> DocumentLibrary::open(Options options, reading::Reader& reader) {
    storage::DatabaseOptions file;
    file.path = database_file(options.data_folder);
    file.backups_kept = 1;  // an index can be made again
    file.read_only = options.read_only;
    std::unique_ptr<DocumentLibrary> made(new DocumentLibrary());
    PELLUCID_TRY(made->database_, from_storage(storage::Database::open(std::move(file))));
    made->pool_ = std::make_unique<ThreadPool>(std::max(1, options.threads));
    made->embeddings_ = std::make_unique<EmbeddingIndex>(*made->database_, made->pool_.get());
    made->retriever_ = std::make_unique<Retriever>(*made->database_, *made->embeddings_);
    made->importer_ = std::make_unique<Importer>(*made->database_, reader, *made->embeddings_,
                                                 std::move(options.importer), std::move(options.listener));
    made->watch_options_ = options.watch;
    return made;
}

DocumentLibrary::~DocumentLibrary() {
    closing_.cancel();
    watch_.reset();
    importer_.reset();
}

Result<void> DocumentLibrary::start(bool follow_folders) {
    importer_->start();
    if (!follow_folders) return {};
    following_ = true;
    PELLUCID_TRY(watch_,
                 FolderWatch::start([this](const std::string& folder) { (void)rescan(folder, closing_); },
                                    watch_options_));
    follow();
    return rescan({}, closing_);
}

void DocumentLibrary::follow() {
    if (!following_ || !watch_) return;
    const auto folders = collections().folders();
    if (!folders.ok()) return;
    std::vector<std::string> paths;
    for (const auto& folder : *folders) paths.push_back(folder.path);
    watch_->set_folders(paths);
}

Result<void> DocumentLibrary::use(std::shared_ptr<EmbeddingSource> source) {
    PELLUCID_CHECK(embeddings_->use(std::move(source)));
    importer_->wake();
    return {};
}

Result<Added> DocumentLibrary::add(storage::CollectionId collection, const std::vector<fs::path>& paths,
                                   bool again, CancelToken cancel) {
    Added added;
    std::vector<storage::SeenFile> files;
    bool folders = false;
    for (const fs::path& given : paths) {
        std::error_code trouble;
        const fs::path path = fs::absolute(given, trouble).lexically_normal();
        if (fs::is_directory(path, trouble)) {
            std::string name = path.string();
            while (name.size() > 1 && name.ends_with('/')) name.pop_back();
            const std::lock_guard lock(scanning_);
            PELLUCID_TRY(const auto folder, from_storage(collections().add_folder(collection, name)));
            PELLUCID_TRY(const auto scan, scan_folder(*database_, folder, {}, cancel));
            added.waiting += scan.waiting;
            added.known += scan.seen - scan.waiting;
            for (const std::string& closed : scan.unreadable)
                added.refused.emplace_back(
                    closed, Error{ErrorCode::not_allowed, "the folder " + closed + " cannot be listed",
                                  "Make it readable for you, and it is looked through again."});
            if (again) {
                PELLUCID_TRY(const auto rows, from_storage(documents().in_folder(folder.id)));
                std::vector<storage::SeenFile> known;
                for (const auto& row : rows)
                    if (row.state != storage::DocumentState::waiting)
                        known.push_back({row.path, row.stamp, row.mounted});
                PELLUCID_TRY(const auto more,
                             from_storage(documents().see(collection, folder.id, known, true)));
                added.waiting += more;
                added.known -= more;
            }
            folders = true;
        } else if (const auto look = look_at(path)) {
            files.push_back({path.string(), look->stamp, false});
        } else if (fs::exists(path, trouble)) {
            added.refused.emplace_back(path.string(),
                                       Error{ErrorCode::unsupported, path.string() + " is no regular file",
                                             "Add files and folders."});
        } else {
            added.refused.emplace_back(path.string(),
                                       Error{ErrorCode::not_found, path.string() + " is not there",
                                             "Check the name, and that its disk is mounted."});
        }
    }
    if (!files.empty()) {
        PELLUCID_TRY(const auto waiting, from_storage(documents().see(collection, 0, files, again)));
        added.waiting += waiting;
        added.known += static_cast<std::int64_t>(files.size()) - waiting;
    }
    if (folders) follow();
    importer_->wake();
    return added;
}

Result<std::int64_t> DocumentLibrary::remove(storage::CollectionId collection, const fs::path& given) {
    std::error_code trouble;
    std::string path = fs::absolute(given, trouble).lexically_normal().string();
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    std::int64_t gone = 0;
    PELLUCID_TRY(const auto folders, from_storage(collections().folders()));
    bool known = false;
    for (const auto& folder : folders) {
        if (folder.path != path || (collection != 0 && folder.collection != collection)) continue;
        PELLUCID_TRY(const auto rows, from_storage(documents().in_folder(folder.id)));
        PELLUCID_CHECK(from_storage(collections().remove_folder(folder.id)));
        gone += static_cast<std::int64_t>(rows.size());
        known = true;
    }
    PELLUCID_TRY(const auto rows, from_storage(documents().list(collection)));
    std::vector<storage::DocumentId> ids;
    for (const auto& row : rows)
        if (row.path == path || row.path.starts_with(path + "/")) ids.push_back(row.id);
    if (ids.empty() && !known)
        return fail(ErrorCode::not_found, path + " is not in the document library",
                    "pellucid-cli docs list shows what it has.");
    PELLUCID_CHECK(from_storage(documents().remove(ids)));
    gone += static_cast<std::int64_t>(ids.size());
    follow();
    importer_->wake();  // sweeps away what nobody says any more
    return gone;
}

Result<void> DocumentLibrary::rescan(const std::string& path, CancelToken cancel) {
    PELLUCID_TRY(const auto folders, from_storage(collections().folders()));
    for (const auto& folder : folders) {
        if (!path.empty() && path != folder.path && !path.starts_with(folder.path + "/")) continue;
        const std::lock_guard lock(scanning_);
        PELLUCID_TRY(const auto scan, scan_folder(*database_, folder, {}, cancel));
        if (scan.waiting + scan.removed > 0) importer_->wake();
    }
    return {};
}

}  // namespace pellucid::documents
