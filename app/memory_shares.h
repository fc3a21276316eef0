// What of a worker's memory_budget_bytes goes where. Pure.
//
//   1/16   records fetched ahead; the Kafka client counts payload only, and holds two to three times as much
//   1/16   what the registry rarely asks for, before that lies in its scratch file (scratch_memory.h), and as much again
//          for pages of the file
//   15/32  caches, imprints and tallies of the tasks, blocks and memtables of their stores: these give way to the registry
//   rest   the registry, transactions, what the client adds, the program itself, pages of memory used in part
//
// The rest has room for the registry of a nation (a quarter of the budget less kProgram, and a sixteenth in any case: a
// budget of a few hundred MiB is exceeded by the program itself, and smaller caches would not change that). What a larger
// one takes beyond, and the pages of its file, the third line of the table gives up, all its parts alike, down to an eighth
// of them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "processors/state/task_state.h"

namespace zaojing {

struct MemoryShares {
  StateMemory screen_task;
  StateMemory risk_task;  // there is one, and it holds little
  size_t stores = 0;      // of all tasks
  size_t prefetch = 0;    // of all lanes
  size_t scratch = 0;     // of the registry, before its file begins; as much again for pages of the file
  bool fits = true;       // false: the registry leaves less than that eighth, and the budget will be exceeded
};

// `partitions` > 0: screen tasks of the deployment, all of which may be this worker's. `registry_bytes`: Registry::bytes,
// 0 while it is not known.
MemoryShares SharesOf(size_t budget, uint32_t partitions, size_t registry_bytes);

}  // namespace zaojing
