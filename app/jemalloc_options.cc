// What the allocator reads before main. Memory freed is kept for half a minute instead of ten seconds: batches fetched
// ahead come and go, and a page given back is cleared again before it is used again.
extern "C" {
extern const char* malloc_conf;                                     // the name jemalloc looks for
const char* malloc_conf = "dirty_decay_ms:30000,muzzy_decay_ms:0";  // NOLINT(readability-identifier-naming)
}
