// The library, opened to be changed: one program at a time may.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/library/library.h"
#include "storage/store.h"

namespace pellucid::cli {

class LibraryDoor {
public:
    /// busy: the window has it open.
    static Result<std::unique_ptr<LibraryDoor>> open(const std::filesystem::path& data_folder);

    storage::Store& store() { return *store_; }
    library::Library& library() { return *library_; }

private:
    std::unique_ptr<storage::Store> store_;
    std::unique_ptr<library::Library> library_;
};

/// A model on this machine as it is entered: its header is read. Errors: those of open_model_file.
Result<library::NewModel> new_model_at(const std::string& path);
/// The same, or a model of another program by its name there, with its adapters. not_found,
/// invalid_argument (several programs have one of that name).
Result<library::NewModel> new_model_of(const std::string& wanted);
/// By its path, or as --model takes names. not_found, invalid_argument (several).
Result<storage::ModelRecord> find_record(const std::vector<storage::ModelRecord>& models,
                                         const std::string& wanted);

}  // namespace pellucid::cli
