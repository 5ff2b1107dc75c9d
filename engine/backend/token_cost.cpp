#include "engine/backend/token_cost.h"

#include <set>
#include <string>

#include "engine/backend/kv_cost.h"

namespace pellucid {

double bytes_per_token(const ModelSpec& spec, const WeightSource& weights, KvFormat kv_format, int length) {
    std::set<std::string> routed;
    double used = 1;
    for (const Layer& layer : spec.layers)
        if (const Experts& experts = layer.experts; experts.present()) {
            for (const Linear* part : {&experts.gate, &experts.up, &experts.down})
                for (const std::string& name : {part->weight, part->bias})
                    if (!name.empty()) routed.insert(name);
            used = static_cast<double>(experts.router.used) / experts.router.experts;
        }
    double bytes = 0;
    for (const TensorNeed& need : tensor_needs(spec)) {
        const TensorView* tensor = weights.find(need.name);
        if (tensor == nullptr || (need.name == spec.embedding && !spec.head.tied)) continue;
        bytes += static_cast<double>(stored_bytes(*tensor)) * (routed.contains(need.name) ? used : 1);
    }
    return bytes + length * static_cast<double>(kv_bytes_per_token(spec, kv_format));
}

}  // namespace pellucid
