// Test rows: every instruction set this machine runs.
#pragma once

#include <QtTest>

#include "engine/cpu/isa.h"

namespace pellucid::test {

inline void add_isa_rows() {
    QTest::addColumn<int>("isa");
    for (const cpu::Isa isa : cpu::usable_isas(detect_cpu_features()))
        QTest::newRow(cpu::to_string(isa).data()) << static_cast<int>(isa);
}

}  // namespace pellucid::test
