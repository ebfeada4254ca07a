namespace Akka.TestKit;

public class TestLatch
{
    private readonly Func<TimeSpan, TimeSpan> _dilate;
    private readonly TimeSpan _defaultTimeout;
    private readonly CountdownEvent _count;

    public TestLatch()
        : this(1)
    {
    }

    public TestLatch(int count)
        : this(count, TimeSpan.FromSeconds(5))
    {
    }

    public TestLatch(int count, TimeSpan defaultTimeout)
        : this(null, defaultTimeout, count)
    {
    }

    protected TestLatch(Func<TimeSpan, TimeSpan> dilate, TimeSpan defaultTimeout, int count)
    {
        _dilate = dilate;
        _defaultTimeout = defaultTimeout;
        _count = new CountdownEvent(count);
    }

    public bool IsOpen => _count.IsSet;

    internal static TestLatch With(Func<TimeSpan, TimeSpan> dilate, TimeSpan defaultTimeout, int count) => new(dilate, defaultTimeout, count);

    public void CountDown() => _count.Signal();

    public void Open()
    {
        while (!IsOpen)
            CountDown();
    }

    public void Reset() => _count.Reset();

    public void Ready(TimeSpan timeout)
    {
        var dilated = _dilate?.Invoke(timeout) ?? timeout;
        if (!_count.Wait(dilated))
            throw new TimeoutException($"Timeout of {dilated}");
    }

    public void Ready() => Ready(_defaultTimeout);
}
