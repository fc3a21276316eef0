package zaojing.peer;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/**
 * RocksDB for this job: most first questions are about listings never seen, so bloom filters on every level and in the
 * memtable; one block cache for all stores; memtables that hold seconds of writes.
 */
public final class RocksTuning implements RocksDBConfigSetter {
  private static final long MIB = 1 << 20;
  private static final Cache BLOCKS = new LRUCache(256 * MIB);
  private static final BloomFilter BLOOM = new BloomFilter(10);

  @Override
  public void setConfig(String store, Options options, Map<String, Object> configs) {
    final BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(BLOCKS);
    table.setFilterPolicy(BLOOM);
    table.setWholeKeyFiltering(true);
    options.setTableFormatConfig(table);
    options.setOptimizeFiltersForHits(false);
    options.setMemtableWholeKeyFiltering(true);
    options.setMemtablePrefixBloomSizeRatio(0.05);
    options.setWriteBufferSize(32 * MIB);
    options.setMaxWriteBufferNumber(3);
    options.setMaxBackgroundJobs(2);
  }

  @Override
  public void close(String store, Options options) {
    // Cache and filter are shared and live as long as the process.
  }
}
