// OCR as the reader process sees it: pictures are decoded here, in the sandbox, and the app is asked for
// their text.
#pragma once

#include "app/reading/formats/format.h"

namespace pellucid::reading {

class AskingRecogniser : public Recogniser {
public:
    /// Loads what decodes pictures; call before the sandbox closes.
    AskingRecogniser();
    Result<Picture> file(std::string_view bytes) override;
    Result<Picture> pixels(const unsigned char* grey, int width, int height, int stride,
                           int dots_per_inch) override;
};

}  // namespace pellucid::reading
