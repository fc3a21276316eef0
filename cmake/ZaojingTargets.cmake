# The three kinds of target of this project. Options travel by two INTERFACE targets, never by global flags.
add_library(zaojing_warnings INTERFACE)
target_compile_options(zaojing_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wconversion -Wsign-conversion
  -Woverloaded-virtual -Wimplicit-fallthrough -Wunused
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)

add_library(zaojing_options INTERFACE)
target_include_directories(zaojing_options INTERFACE ${PROJECT_SOURCE_DIR})
# State and decisions are compared bit for bit; fused multiply-add would make them depend on the machine.
target_compile_options(zaojing_options INTERFACE -ffp-contract=off)
if(ZAOJING_FAULTS)
  target_compile_definitions(zaojing_options INTERFACE ZAOJING_FAULTS=1)
endif()

# zaojing_library(NAME name SRCS a.cc ... DEPS public... PRIVATE_DEPS private...): a static library
# zaojing_<name> with the alias zaojing::<name>.
function(zaojing_library)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS;PRIVATE_DEPS" ${ARGN})
  if(ARG_SRCS)
    add_library(zaojing_${ARG_NAME} STATIC ${ARG_SRCS})
    target_link_libraries(zaojing_${ARG_NAME} PUBLIC zaojing_options ${ARG_DEPS}
      PRIVATE zaojing_warnings ${ARG_PRIVATE_DEPS})
  else()
    add_library(zaojing_${ARG_NAME} INTERFACE)
    target_link_libraries(zaojing_${ARG_NAME} INTERFACE zaojing_options ${ARG_DEPS})
  endif()
  add_library(zaojing::${ARG_NAME} ALIAS zaojing_${ARG_NAME})
endfunction()

# The kinds of test; tests_<label> builds the executables of one kind.
set(ZAOJING_TEST_LABELS unit sim broker e2e golden fuzz tidy)
foreach(label IN LISTS ZAOJING_TEST_LABELS)
  add_custom_target(tests_${label})
endforeach()

# zaojing_test(NAME name SRCS ... DEPS ... LABELS ... [TIMEOUT s] [ENVIRONMENT K=V ...]): one GoogleTest
# executable and one ctest entry. LABELS: one or more of ZAOJING_TEST_LABELS; `long` beside them keeps a test
# out of the default run.
function(zaojing_test)
  cmake_parse_arguments(ARG "" "NAME;TIMEOUT" "SRCS;DEPS;LABELS;ENVIRONMENT;FIXTURES_REQUIRED" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SRCS})
  target_link_libraries(${ARG_NAME} PRIVATE zaojing_options zaojing_warnings ${ARG_DEPS}
    GTest::gmock GTest::gtest_main)
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME})
  foreach(label IN LISTS ARG_LABELS)
    if(label IN_LIST ZAOJING_TEST_LABELS)
      add_dependencies(tests_${label} ${ARG_NAME})
    elseif(NOT label STREQUAL "long")
      message(FATAL_ERROR "${ARG_NAME}: no test label ${label}; there are ${ZAOJING_TEST_LABELS} and long")
    endif()
  endforeach()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set_tests_properties(${ARG_NAME} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
    SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
  if(ARG_ENVIRONMENT)
    set_tests_properties(${ARG_NAME} PROPERTIES ENVIRONMENT "${ARG_ENVIRONMENT}")
  endif()
  if(ARG_FIXTURES_REQUIRED)
    set_tests_properties(${ARG_NAME} PROPERTIES FIXTURES_REQUIRED "${ARG_FIXTURES_REQUIRED}")
  endif()
endfunction()
