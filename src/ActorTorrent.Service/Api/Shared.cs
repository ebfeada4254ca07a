namespace ActorTorrent.Service.Api;

/// <summary>
/// What many ask for at once is made once: whoever asks while it is being made, or shortly after that began, gets the same. It is not kept
/// when memory is wanted elsewhere. Safe for use from several threads.
/// </summary>
/// <typeparam name="T">What it is.</typeparam>
internal sealed class Shared<T>
{
    /// <summary>How old an answer may be: less than anybody who looks again and again notices.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly WeakReference<Task<T>?> _last = new(null);
    private readonly TimeProvider _time;
    private object? _key;
    private long _begunAt;

    /// <param name="time">The clock.</param>
    public Shared(TimeProvider time) => _time = time;

    /// <summary>The answer to a question that is the same each time.</summary>
    /// <param name="make">Makes it. What fails is not shared with those who come later.</param>
    /// <param name="key">What it is made of: an answer made of something else is not given.</param>
    public Task<T> GetAsync(Func<Task<T>> make, object? key = null)
    {
        lock (_gate)
        {
            if (_last.TryGetTarget(out var last) && !last.IsFaulted && !last.IsCanceled && Equals(_key, key) && _time.GetElapsedTime(_begunAt) < Fresh)
                return last;
            (_key, _begunAt) = (key, _time.GetTimestamp());
            var task = make();
            _last.SetTarget(task);
            return task;
        }
    }
}
