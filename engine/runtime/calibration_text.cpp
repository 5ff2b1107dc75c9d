#include "engine/runtime/calibration_text.h"

namespace pellucid {

const std::string_view kCalibrationText =
    R"(The ferry left at half past six, while the harbour was still grey. Marta stood at the rail with a paper cup of coffee and counted the gulls, as her father had done, because a number is something to hold on to. "You will be back by Sunday?" he had asked. She had said yes. Behind her a man in a yellow coat explained to nobody in particular that the tide tables were wrong again, that the council had bought the cheap ones, and that in his day a pilot knew the channel by the smell of it.

## How to change the filter

1. Switch the unit off and wait five minutes; the element stays hot.
2. Turn the cover anticlockwise (see figure 3). Do not use tools.
3. Pull the old cartridge straight out. If it sticks, rock it gently.
4. Wet the new seal with clean water, push the cartridge in until it clicks, and close the cover.

The warranty does not cover damage caused by descaling agents that contain hydrochloric acid.

def merge(left, right):
    """Merge two sorted lists into one."""
    result = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            result.append(left[i])
            i += 1
        else:
            result.append(right[j])
            j += 1
    return result + left[i:] + right[j:]

static int count_lines(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) return -1;
    int lines = 0, c;
    while ((c = fgetc(file)) != EOF)
        if (c == '\n') ++lines;
    fclose(file);
    return lines;
}

Question: A train travels 180 km in 2.5 hours. It then slows down by 12 km/h. How long does it need for the next 150 km?
Answer: First the speed: 180 / 2.5 = 72 km/h. Slower by 12 that is 60 km/h, so 150 / 60 = 2.5 hours. Let me check: 60 * 2.5 = 150. Yes. The answer is 2.5 hours.

Let f(x) = x^3 - 3x + 1. Then f'(x) = 3x^2 - 3 = 3(x - 1)(x + 1), so the function has a local maximum at x = -1, where f(-1) = 3, and a local minimum at x = 1, where f(1) = -1. Since f(-2) = -1 < 0 and f(2) = 3 > 0, there are three real roots, one in each of the intervals (-2, -1), (0, 1) and (1, 2).

| country | population (millions) | capital |
| --- | --- | --- |
| Portugal | 10.4 | Lisbon |
| Kenya | 54.0 | Nairobi |
| Viet Nam | 98.2 | Ha Noi |

Subject: Re: invoice 2023-0417
Dear Ms Okafor, thank you for your patience. The amount of $1,284.50 was paid on 3 May; the second invoice must have crossed our payment in the post. I am sorry for the trouble. Kind regards, J. Lindqvist

{"name": "sensor-12", "interval": 30, "unit": "celsius", "values": [21.4, 21.6, null, 21.9], "ok": true}

Permission is granted to copy and distribute verbatim copies of this manual, provided that the notices above are kept. A cell is bounded by a membrane of lipids, about five nanometres thick, through which water passes freely but ions do not; the difference of potential that follows is what a nerve uses to send its signal. The treaty of 1648 ended the war, yet not the quarrels that had begun it: the princes kept their armies, the towns their debts, and the farmers, as one of them wrote in the margin of his hymn book, "the winter".

Der Zug nach Leipzig fährt heute von Gleis neun. Wegen einer Störung am Stellwerk ist mit einer Verspätung von etwa zwanzig Minuten zu rechnen. Wir bitten um Entschuldigung.

El mercado abre los sábados a las ocho; hay fruta, queso y pan, y si llueve lo ponen bajo los arcos de la plaza. Le soir, ils jouaient aux cartes près de la fenêtre sans parler de la guerre.

请在下午五点以前把报告交给我。如果有问题，可以打电话或者发邮件。明天的会议改到三楼的会议室。

User: why does bread go stale faster in the fridge?
Assistant: Because staling is not drying. The starch in the crumb slowly returns to an ordered, crystalline form and pushes water out, and that happens fastest a few degrees above freezing. In the freezer it nearly stops, so freeze what you cannot eat in two days, and toast it straight from frozen.

She found the letter in 1974, between two bills, and read it standing. It said less than she had hoped and more than he had meant. Outside, the children from number eleven were throwing chestnuts at the tram, and the driver, who knew them all by name, rang his bell and laughed. In the end nothing was decided that day; but when they spoke of it later, both of them remembered the chestnuts.
)";

}  // namespace pellucid
