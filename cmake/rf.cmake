# rf_library(<folder> DEPS <folder>... LINK <target>...)
#
# One library for one folder of src/, sub-folders included, with the tests, benchmarks and fuzzers that
# stand beside its code. The folder is the library, hence the globs; CONFIGURE_DEPENDS sees a new file at once.
#   x_test.cc   all of a folder's in one program, <folder>_test, under ctest
#   x_bench.cc  all of a folder's in one program, <folder>_bench
#   main.cc, x_main.cc   a program's, named in CMakeLists.txt
#   x_fuzz.cc   one program each, <folder>_x_fuzz: a libFuzzer target with RF_FUZZ, else a replay of
#               its corpus under ctest, so that every find stays found
# Parsed once a program instead of once a file; half of what a build costs otherwise.
set(RF_PRECOMPILED <boost/json.hpp> <fmt/format.h> <algorithm> <chrono> <functional> <map> <memory> <optional>
  <string> <vector>)

function(rf_library folder)
  cmake_parse_arguments(ARG "" "" "DEPS;LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.cc)
  set(tests ${sources})
  set(benches ${sources})
  set(fuzzers ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER benches INCLUDE REGEX "_bench\\.cc$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cc$|(/|_)main\\.cc$")
  list(TRANSFORM ARG_DEPS PREPEND rf_)

  if(sources)
    add_library(rf_${folder} STATIC ${sources})
    target_include_directories(rf_${folder} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(rf_${folder} PUBLIC ${ARG_DEPS} ${ARG_LINK})
    target_precompile_headers(rf_${folder} PRIVATE ${RF_PRECOMPILED})
  else()
    add_library(rf_${folder} INTERFACE)
    target_include_directories(rf_${folder} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(rf_${folder} INTERFACE ${ARG_DEPS} ${ARG_LINK})
  endif()

  if(tests AND NOT RF_FUZZ)
    add_executable(${folder}_test ${tests})
    target_link_libraries(${folder}_test PRIVATE rf_${folder} GTest::gmock GTest::gtest_main)
    target_precompile_headers(${folder}_test PRIVATE <gmock/gmock.h> <gtest/gtest.h> ${RF_PRECOMPILED})
    gtest_discover_tests(${folder}_test TEST_PREFIX ${folder}/ DISCOVERY_TIMEOUT 60
      PROPERTIES TIMEOUT 600
      ENVIRONMENT "RF_SOURCE_DIR=${CMAKE_SOURCE_DIR}"
      ENVIRONMENT_MODIFICATION "RF_DECODER=set:${CMAKE_BINARY_DIR}/reelforge-decoder")
  endif()
  if(benches AND NOT RF_SANITIZE)  # What a sanitizer slows down says nothing of speed.
    add_executable(${folder}_bench ${benches})
    target_link_libraries(${folder}_bench PRIVATE rf_${folder} benchmark::benchmark_main)
    set_property(GLOBAL APPEND PROPERTY RF_BENCHES ${folder}_bench)
  endif()
  foreach(fuzzer ${fuzzers})
    get_filename_component(name ${fuzzer} NAME_WE)
    string(REPLACE "_fuzz" "" subject ${name})
    add_executable(${folder}_${name} ${fuzzer})
    target_link_libraries(${folder}_${name} PRIVATE rf_${folder})
    if(RF_FUZZ)
      target_link_options(${folder}_${name} PRIVATE -fsanitize=fuzzer)
      add_dependencies(fuzzers ${folder}_${name})
    else()
      target_sources(${folder}_${name} PRIVATE ${CMAKE_SOURCE_DIR}/fuzz/replay.cc)
      add_test(NAME ${folder}/${name}.corpus
        COMMAND ${folder}_${name} ${CMAKE_SOURCE_DIR}/fuzz/corpus/${subject})
    endif()
  endforeach()
endfunction()
