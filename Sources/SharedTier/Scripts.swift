/// What has to happen in one step, in Redis' own language (<https://valkey.io/topics/eval-intro/>). Sent whole each time: they
/// are short, and a server that was started anew has forgotten them.
internal enum Scripts {
    /// KEYS: leases. ARGV: token, milliseconds. Takes those that nobody has; returns the places of all that are the token's by
    /// now, from 1 on.
    static let lease = """
        local got = {}
        for i, key in ipairs(KEYS) do
            if redis.call('SET', key, ARGV[1], 'NX', 'PX', ARGV[2]) or redis.pcall('GET', key) == ARGV[1] then
                got[#got + 1] = i
            end
        end
        return got
        """

    /// KEYS: leases. ARGV: token. Gives back those that are still the token's: one that ran out may be another node's by now.
    static let release = """
        local given = 0
        for _, key in ipairs(KEYS) do
            if redis.pcall('GET', key) == ARGV[1] then given = given + redis.call('DEL', key) end
        end
        return given
        """

    /// KEYS: records. ARGV: for each, how its value began when it was read ('' if there was none), the new value and how many
    /// milliseconds to keep it. Writes those that nobody else has changed; returns the places of the others.
    static let replace = """
        local changed = {}
        for i, key in ipairs(KEYS) do
            if redis.pcall('GETRANGE', key, 0, \(RecordSeal.headBytes - 1)) == ARGV[3 * i - 2] then
                redis.call('SET', key, ARGV[3 * i - 1], 'PX', ARGV[3 * i])
            else
                changed[#changed + 1] = i
            end
        end
        return changed
        """

    /// The fields of the journal of purges, beside one for each entry, by its number.
    static let journal = Array("journal".utf8)
    static let latest = Array("latest".utf8)
    static let mark = Array("mark".utf8)

    /// The field of an entry's mark. The last one's is ``mark`` too.
    static func mark(of number: UInt64) -> [UInt8] { Array("\(number):mark".utf8) }

    private static let head = "return redis.call('HMGET', KEYS[1], 'journal', 'latest', 'mark')"

    /// KEYS: the journal. ARGV: the number of a new one. Begins it if there is none; returns where it ends.
    static let beginJournal = """
        redis.call('HSETNX', KEYS[1], 'journal', ARGV[1])
        \(head)
        """

    /// KEYS: the journal. ARGV: the number of a new one, an entry, how many entries to keep, the entry's mark. Returns where it
    /// ends.
    static let appendPurge = """
        redis.call('HSETNX', KEYS[1], 'journal', ARGV[1])
        local number = redis.call('HINCRBY', KEYS[1], 'latest', 1)
        redis.call('HSET', KEYS[1], number, ARGV[2], number .. ':mark', ARGV[4], 'mark', ARGV[4])
        local old = number - tonumber(ARGV[3])
        redis.call('HDEL', KEYS[1], old, old .. ':mark')
        \(head)
        """

    /// KEYS: the journal. ARGV: its number, the number of a new one. Puts an empty one in its place, unless that was done.
    static let renewJournal = """
        if redis.call('HGET', KEYS[1], 'journal') == ARGV[1] then
            redis.call('DEL', KEYS[1])
            redis.call('HSET', KEYS[1], 'journal', ARGV[2])
        end
        \(head)
        """

    /// KEYS: a count of calls, the limit that a node was told last. ARGV: `told` or `assumed`, the most that are allowed,
    /// milliseconds. Counts one more; -1 if it would be too many. A limit that is assumed gives way to one that was told.
    static let takeCall = """
        local limit = tonumber(ARGV[2])
        if ARGV[1] == 'told' then
            redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
        else
            limit = tonumber(redis.call('GET', KEYS[2]) or ARGV[2])
        end
        local calls = tonumber(redis.call('GET', KEYS[1]) or '0')
        if calls >= limit then return -1 end
        redis.call('SET', KEYS[1], calls + 1, 'PX', ARGV[3])
        return calls + 1
        """
}

extension RedisCommand {
    static func script(_ text: String, keys: [[UInt8]], _ arguments: [[UInt8]]) -> RedisCommand {
        RedisCommand("EVAL", [Array(text.utf8), Array("\(keys.count)".utf8)] + keys + arguments)
    }
}
