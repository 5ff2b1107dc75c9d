// inspect: what a model file says of itself, and what it would take to run it.
#include <cstdio>
#include <map>
#include <memory>

#include "app/cli/command.h"
#include "engine/backend/kv_cost.h"
#include "engine/format/gguf_file.h"
#include "engine/format/safetensors_file.h"
#include "engine/model/folder/open_folder.h"
#include "engine/model/model_file.h"
#include "engine/runtime/devices.h"
#include "engine/runtime/local_model.h"

namespace pellucid::cli {

namespace {

using Json = nlohmann::ordered_json;

struct InspectArguments {
    std::string file, kv = "f16", placement = "auto";
    std::vector<std::string> lora;
    int context = 0;
    bool json = false, tensors = false;
};

constexpr std::size_t kShownItems = 6, kShownText = 120, kWholeText = 64 << 10;

/// A metadata value for display: arrays by their length and first items.
Json shown(const MetaValue& value) {
    return std::visit(
        [](const auto& data) -> Json {
            using T = std::decay_t<decltype(data)>;
            if constexpr (std::is_same_v<T, MetaArrayOfArrays>) {
                return Json{{"length", data.items.size()}, {"items", "arrays"}};
            } else if constexpr (std::is_same_v<T, std::string>) {
                return data.size() > kWholeText ? Json{{"length", data.size()}} : Json(data);
            } else if constexpr (std::is_arithmetic_v<T>) {
                return data;
            } else {
                Json first = Json::array();
                for (std::size_t i = 0; i < std::min(data.size(), kShownItems); ++i) {
                    const typename T::value_type item = data[i];
                    first.push_back(item);
                }
                return Json{{"length", data.size()}, {"first", std::move(first)}};
            }
        },
        value.data);
}

std::uint64_t size_of(const FileTensor& tensor) {
    return tensor.size;
}
std::uint64_t size_of(const TensorView& tensor) {
    return stored_bytes(tensor);
}

template <typename Tensor>
Json describe(const std::vector<Tensor>& tensors, bool all) {
    std::map<std::string, std::pair<std::size_t, std::uint64_t>> by_type;
    Json list = Json::array();
    for (const auto& tensor : tensors) {
        auto& [count, bytes] = by_type[std::string(to_string(tensor.type))];
        ++count;
        bytes += size_of(tensor);
        if (all)
            list.push_back(
                {{"name", tensor.name}, {"type", to_string(tensor.type)}, {"shape", tensor.shape}});
    }
    Json types = Json::object();
    for (const auto& [type, sum] : by_type) types[type] = {{"tensors", sum.first}, {"bytes", sum.second}};
    Json out = {{"count", tensors.size()}, {"types", types}};
    if (all) out["list"] = std::move(list);
    return out;
}

Json plan_json(const MemoryPlan& plan) {
    Json json = {{"weights", plan.weights},     {"kv", plan.kv},
                 {"scratch", plan.scratch},     {"total", plan.total()},
                 {"available", plan.available}, {"fits", plan.fits()}};
    if (!plan.devices.empty()) json["devices"] = devices_json(plan);
    return json;
}

/// What a model is, what it writes, and what it would take; the error where it is none.
void add_model(Json& out, const InspectArguments& arguments, const Result<ModelFile>& model,
               const Metadata& metadata) {
    if (model) {
        out["name"] = model->facts.name;
        out["architecture"] = model->facts.architecture;
        out["quantization"] = model->facts.quantization;
        out["parameters"] = model->facts.parameters;
        if (const auto active = active_parameter_count(*model->spec); active != model->facts.parameters)
            out["active_parameters"] = active;
        out["digest"] = model->facts.digest;
        out["layers"] = model->spec->n_layers();
        out["vocabulary"] = model->spec->vocabulary;
        out["trained_context"] = model->spec->trained_context;
        if (!model->notices.empty()) out["notices"] = model->notices;
    } else {
        out["model"] = model.error().message();
    }
    const ModelText text = read_model_text(metadata);
    out["tokenizer"] = text.tokenizer         ? text.tokenizer->description()
                       : text.tokenizer_error ? text.tokenizer_error->message()
                                              : "none";
    out["chat_template"] = text.chat_template    ? "yes"
                           : text.template_error ? text.template_error->message()
                                                 : "none (a base model: plain completion only)";
    const char* const families[] = {"none", "tags", "harmony"};
    out["thoughts"] = families[static_cast<int>(text.format.family)];
    if (text.format.family == ThoughtFamily::tags)
        out["thoughts"] = text.format.open.text + "…" + text.format.close.text;
    if (model) {
        LocalEngine engine(host_devices());
        Json plans = Json::object();
        for (const auto& device : engine.devices()) {
            ModelOptions options;
            options.device = device.id;
            options.context_length = arguments.context;
            options.kv_format = arguments.kv;
            options.placement = arguments.placement;
            for (const std::string& text : arguments.lora) options.adapters.push_back(parse_adapter(text));
            const auto plan = engine.plan(arguments.file, options);
            plans[device.id] = plan ? plan_json(*plan) : Json{{"refused", plan.error().message()}};
        }
        out["memory"] = std::move(plans);
        Json each = Json::object();
        for (const KvFormat format : kKvFormats)
            each[std::string(to_string(format))] = kv_bytes_per_token(*model->spec, format);
        out["kv_bytes_per_token"] = std::move(each);
    }
    Json keys = Json::object();
    for (const auto& [key, value] : metadata.all()) keys[key] = shown(value);
    out["metadata"] = std::move(keys);
}

Result<Json> inspect_gguf(const InspectArguments& arguments) {
    PELLUCID_TRY(const auto file, GgufFile::open(arguments.file, GgufRead::header_only));
    Json out = {{"file", arguments.file},
                {"format", "GGUF"},
                {"version", file->version()},
                {"bytes", file->file_size()}};
    const auto whole = GgufFile::open(arguments.file);
    out["complete"] = whole.ok();
    if (!whole) out["incomplete"] = whole.error().message();
    const auto model = open_model_file(arguments.file, GgufRead::header_only);
    add_model(out, arguments, model, model ? *model->metadata : file->metadata());
    out["tensors"] = describe(file->tensors(), arguments.tensors);
    return out;
}

/// A folder, as the model that is made of it.
Result<Json> inspect_folder(const InspectArguments& arguments) {
    PELLUCID_TRY(const ModelFile model, open_model_file(arguments.file));
    Json out = {
        {"file", arguments.file}, {"format", "Hugging Face folder"}, {"bytes", model.facts.file_bytes}};
    add_model(out, arguments, model, *model.metadata);
    std::vector<TensorView> tensors;
    for (const std::string_view name : model.weights->names()) tensors.push_back(*model.weights->find(name));
    out["tensors"] = describe(tensors, arguments.tensors);
    return out;
}

Result<Json> inspect_safetensors(const InspectArguments& arguments) {
    PELLUCID_TRY(const auto file, SafetensorsFile::open(arguments.file));
    Json out = {{"file", arguments.file}, {"format", "safetensors"}};
    out["metadata"] = file->metadata();
    out["tensors"] = describe(file->tensors(), arguments.tensors);
    return out;
}

std::string one_line(const Json& value) {
    std::string text = value.is_string() ? value.get<std::string>()
                                         : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    if (text.size() > kShownText) {
        std::size_t cut = kShownText;
        while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
        text = text.substr(0, cut) + "…";
    }
    return text;
}

void print_table(const Json& value, const std::string& prefix) {
    for (const auto& [key, item] : value.items()) {
        const bool table = item.is_object() && !item.contains("length") && key != "types";
        if (table || (item.is_array() && key == "list")) {
            std::printf("%s%s\n", prefix.c_str(), key.c_str());
            if (table)
                print_table(item, prefix + "  ");
            else
                for (const auto& tensor : item)
                    std::printf("%s  %s\n", prefix.c_str(), one_line(tensor).c_str());
        } else {
            std::printf("%s%-28s %s\n", prefix.c_str(), key.c_str(), one_line(item).c_str());
        }
    }
}

Result<void> inspect(const InspectArguments& arguments) {
    auto out = arguments.file.ends_with(".safetensors") ? inspect_safetensors(arguments)
               : !folder_of(arguments.file).empty()     ? inspect_folder(arguments)
                                                        : inspect_gguf(arguments);
    if (!out) return out.failure();
    if (arguments.json)
        std::printf("%s\n", out->dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    else
        print_table(*out, "");
    return {};
}

}  // namespace

Command add_inspect(CLI::App& root) {
    auto arguments = std::make_shared<InspectArguments>();
    CLI::App* app =
        root.add_subcommand("inspect", "What a model file says of itself, and the memory it would take");
    app->add_option("file", arguments->file, "GGUF file, safetensors file, or Hugging Face folder")
        ->required();
    app->add_option("--ctx", arguments->context, "plans memory for this many tokens (0: what fits)")
        ->check(CLI::Range(0, 1 << 30));
    app->add_option("--kv", arguments->kv, "plans memory for this format of keys and values")
        ->check(CLI::IsMember({"f32", "f16", "q8", "fp8", "q4", "q3"}))
        ->capture_default_str();
    app->add_option("--lora", arguments->lora, "plans memory with this adapter; may be given several times");
    app->add_option("--placement", arguments->placement,
                    "plans memory for layers that run elsewhere, as run takes it")
        ->capture_default_str();
    app->add_flag("--tensors", arguments->tensors, "list every tensor");
    app->add_flag("--json", arguments->json, "as one JSON object");
    return {app, [arguments] { return inspect(*arguments); }};
}

}  // namespace pellucid::cli
