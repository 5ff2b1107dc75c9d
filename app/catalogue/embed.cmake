# cmake -DOUT=<cpp> -DFILE=<json> -P embed.cmake: the file as a constant.
file(READ "${FILE}" text)
file(WRITE "${OUT}" "// Made from resources/catalogue/models.json.
#include <string_view>
namespace pellucid::catalogue {
extern const std::string_view kModelsJson;
const std::string_view kModelsJson = R\"PELLUCID(${text})PELLUCID\";
}  // namespace pellucid::catalogue
")
