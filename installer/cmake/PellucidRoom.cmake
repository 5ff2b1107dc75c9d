# Compiler settings of the whole tree, and the functions that turn a folder into a room (a static library),
# a program or a test. A room globs its own folder, so adding a file needs no CMake change.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g")
if(PELLUCID_SANITIZE MATCHES "thread")
    set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")  # a report needs lines only; half the time to build
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2")  # asserts stay on: they state contracts and cost nothing that was measured
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND NOT PELLUCID_FUZZ)
    add_link_options(-fuse-ld=mold)
endif()

# SYSTEM keeps warnings of other people's headers out; -Werror is for our own lines.
add_library(pellucid_flags INTERFACE)
# nvcc knows none of these.
target_compile_options(pellucid_flags INTERFACE
    "$<$<COMPILE_LANGUAGE:C,CXX>:-Wall;-Wextra;-Wpedantic;-Werror;-Wno-missing-field-initializers;-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=>")
target_include_directories(pellucid_flags INTERFACE "${CMAKE_SOURCE_DIR}")
target_link_libraries(pellucid_flags INTERFACE Threads::Threads)
if(PELLUCID_SANITIZE)
    # g++ 12 reports false maybe-uninitialized findings in instrumented standard-library code.
    target_compile_options(pellucid_flags INTERFACE -fsanitize=${PELLUCID_SANITIZE} -fno-omit-frame-pointer
                                                    -fno-sanitize-recover=all
                                                    $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>)
    target_link_options(pellucid_flags INTERFACE -fsanitize=${PELLUCID_SANITIZE})
endif()
if(PELLUCID_FUZZ)
    target_compile_options(pellucid_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# pellucid_room(<name> [DEPS <rooms>...] [LIBS <libraries>...])
# The folder's sources (recursively) become static library pellucid_<name>. DEPS are rooms below this one.
function(pellucid_room name)
    cmake_parse_arguments(ROOM "" "" "DEPS;LIBS;PRIVATE_LIBS" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
    list(TRANSFORM ROOM_DEPS PREPEND pellucid_)
    if(sources)
        add_library(pellucid_${name} STATIC ${sources})
        target_link_libraries(pellucid_${name} PUBLIC pellucid_flags ${ROOM_DEPS} ${ROOM_LIBS} PRIVATE ${ROOM_PRIVATE_LIBS})
    else()
        add_library(pellucid_${name} INTERFACE)
        target_link_libraries(pellucid_${name} INTERFACE pellucid_flags ${ROOM_DEPS} ${ROOM_LIBS})
    endif()
    # A file named *_avx2.cpp, *_avx512.cpp … is compiled for that instruction set and only reached by run-time dispatch.
    foreach(source IN LISTS sources)
        if(source MATCHES "_avx2\\.cpp$")
            set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma;-mf16c;-O3")
        elseif(source MATCHES "_avx512\\.cpp$")
            set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS
                "-mavx512f;-mavx512bw;-mavx512vl;-mavx512dq;-mavx512vnni;-mavx2;-mfma;-mf16c;-O3")
        endif()
    endforeach()
endfunction()

# pellucid_sanitizer_environment(<variable>): what a test of this folder runs with in a sanitized build.
# Leaks are told apart by whole call chains, which need the slow unwinder: Qt is built without frame pointers.
# Suppressions are for the app's tests alone, where uninstrumented Qt and its helpers run threads of their own; the
# engine's and storage's have none. ThreadSanitizer passes over calls that come from libraries built without it in
# every test, because Qt Test itself runs a watchdog thread.
function(pellucid_sanitizer_environment variable)
    # Qt Test ends a test function after five minutes of its own accord; ctest watches already.
    set(patience "QTEST_FUNCTION_TIMEOUT=7200000")
    set(suppress_tsan "")
    set(suppress_leaks "")
    if(CMAKE_CURRENT_SOURCE_DIR MATCHES "/tests/(app|ui)(/|$)")
        # A test that starts its own D-Bus forks while Qt's threads run.
        set(suppress_tsan ":die_after_fork=0:suppressions=${CMAKE_SOURCE_DIR}/tests/tsan.supp")
        set(suppress_leaks
            "ASAN_OPTIONS=fast_unwind_on_malloc=0;LSAN_OPTIONS=print_suppressions=0:suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp")
    endif()
    if(PELLUCID_SANITIZE MATCHES "thread")
        set(${variable} "${patience};TSAN_OPTIONS=ignore_noninstrumented_modules=1:second_deadlock_stack=1${suppress_tsan}" PARENT_SCOPE)
    elseif(PELLUCID_SANITIZE)
        set(${variable} "${patience};UBSAN_OPTIONS=print_stacktrace=1;${suppress_leaks}" PARENT_SCOPE)
    else()
        set(${variable} "" PARENT_SCOPE)
    endif()
endfunction()

# pellucid_test(<name> SOURCES <files> DEPS <rooms> [LIBS <libraries>] [LABELS <labels>] [ENV <NAME=value>...])
# One Qt Test executable, registered with CTest. It finds committed data through PELLUCID_FIXTURES.
function(pellucid_test name)
    cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;DEPS;LIBS;LABELS;ENV" ${ARGN})
    list(TRANSFORM TEST_DEPS PREPEND pellucid_)
    add_executable(${name} ${TEST_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    target_link_libraries(${name} PRIVATE pellucid_flags ${TEST_DEPS} ${TEST_LIBS} Qt6::Test)
    target_compile_definitions(${name} PRIVATE PELLUCID_FIXTURES="${CMAKE_SOURCE_DIR}/tests/fixtures")
    add_test(NAME ${name} COMMAND ${name})
    if(NOT TEST_TIMEOUT)
        set(TEST_TIMEOUT 300)
    endif()
    if(PELLUCID_SANITIZE)
        math(EXPR TEST_TIMEOUT "4 * ${TEST_TIMEOUT}")  # what the sanitizers cost
    endif()
    pellucid_sanitizer_environment(sanitizers)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}" ENVIRONMENT
        "QT_QPA_PLATFORM=offscreen;QT_QUICK_BACKEND=software;${sanitizers};${TEST_ENV}")
endfunction()

# pellucid_fuzz(<name> SOURCES <files> DEPS <rooms> CORPUS <folder>)
# With PELLUCID_FUZZ: a libFuzzer program. Otherwise: a test that replays the committed corpus through the same code.
function(pellucid_fuzz name)
    cmake_parse_arguments(FUZZ "" "CORPUS" "SOURCES;DEPS;LIBS" ${ARGN})
    list(TRANSFORM FUZZ_DEPS PREPEND pellucid_)
    if(PELLUCID_FUZZ)
        add_executable(${name} EXCLUDE_FROM_ALL ${FUZZ_SOURCES})
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
        add_dependencies(fuzzers ${name})
    else()
        add_executable(${name} ${FUZZ_SOURCES} "${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cpp")
        add_test(NAME ${name} COMMAND ${name} "${FUZZ_CORPUS}")
        set_tests_properties(${name} PROPERTIES TIMEOUT 300 LABELS "fuzz")
    endif()
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    target_link_libraries(${name} PRIVATE pellucid_flags ${FUZZ_DEPS} ${FUZZ_LIBS})
endfunction()
