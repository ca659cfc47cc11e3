# The targets of a rules build (tools/rules): for each scope of HMM_RULES a module with its engines,
# and one that judges recordings. The program that loads them has everything else.
hmm_scope_instances(instances built "${HMM_RULES}" machine explore prove)
set(here ${PROJECT_SOURCE_DIR}/properties/engines/instances)

function(hmm_rules_module name)
  add_library(${name} MODULE ${ARGN})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_include_directories(${name} SYSTEM PRIVATE ${Z3_INCLUDE_DIR})
  # What it defines of the rules is its own, whatever the program has of the same name: also what
  # the standard library makes of it, as a thread that runs one of its lambdas. The rest of the
  # standard library's is shared, as who waits and who wakes must look at one place.
  set(own ${PROJECT_BINARY_DIR}/own_symbols.map)
  file(WRITE ${own} "{ local: *3hmm*; };\n")
  target_compile_options(${name} PRIVATE -fvisibility=hidden -Wno-error
                                         $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE -Wl,--version-script=${own})
  target_link_libraries(${name} PRIVATE fmt::fmt ${Z3_LIBRARY})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY
                                                                  ${PROJECT_BINARY_DIR}/modules)
endfunction()

foreach(scope IN LISTS built)
  set(of_scope ${instances})
  list(FILTER of_scope INCLUDE REGEX "/(search|prove)_${scope}[.]cpp$")
  set(engines "")
  foreach(file IN LISTS of_scope)
    file(STRINGS ${file} lines REGEX "^template struct ")
    foreach(line IN LISTS lines)
      if(line MATCHES "MachineAt")
        set(members MachineAt machine=make shape=shape)
      elseif(line MATCHES "ExploreAt")
        set(members ExploreAt explore=explore steps=steps)
      else()
        set(members ProveAt prove=prove prove_bounded=prove_bounded step_formulas=step_formulas
                    state_formulas=state_formulas)
      endif()
      list(POP_FRONT members of)
      foreach(member IN LISTS members)
        string(REPLACE "=" ";" pair ${member})
        list(GET pair 0 name)
        list(GET pair 1 function)
        string(APPEND engines ".${name} = &hmm::${of}<kHere>::${function},\n")
      endforeach()
    endforeach()
  endforeach()
  set(door ${PROJECT_BINARY_DIR}/instances/door_${scope}.cpp)
  configure_file(${here}/rules_door.cpp.in ${door} @ONLY)
  hmm_rules_module(${scope} ${of_scope} ${door})
  list(FILTER of_scope INCLUDE REGEX "/prove_")
  set_source_files_properties(${of_scope} PROPERTIES COMPILE_OPTIONS -O1)
endforeach()

set(door ${PROJECT_BINARY_DIR}/instances/conform_door.cpp)
configure_file(${PROJECT_SOURCE_DIR}/traces/conform_door.cpp.in ${door} COPYONLY)
set(recordings traces/conform.cpp traces/conform_run.cpp traces/conform_shrink.cpp)
list(TRANSFORM recordings PREPEND ${PROJECT_SOURCE_DIR}/)
hmm_rules_module(recordings ${recordings} ${door})
target_compile_options(recordings PRIVATE -O1)
