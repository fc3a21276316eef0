// What the allocator reads before main. Huge pages where the kernel gives them on request: registry and caches are asked
// in no order, and with pages of 4 KiB nearly every question waits for the page table first. Memory freed is kept for ten
// seconds, and not half-kept after that: the budget is for what is in use.
extern "C" {
extern const char* malloc_conf;                                                // the name jemalloc looks for
const char* malloc_conf = "thp:always,dirty_decay_ms:10000,muzzy_decay_ms:0";  // NOLINT(readability-identifier-naming)
}
