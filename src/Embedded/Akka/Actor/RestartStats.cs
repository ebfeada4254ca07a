namespace Akka.Actor;

/// <summary>How often a child was restarted, and since when that is counted.</summary>
internal sealed class RestartStats
{
    private int _count;
    private long _windowStart;

    public bool RequestRestart(int maxRetries, int withinMilliseconds)
    {
        if (maxRetries == 0)
            return false;
        if (withinMilliseconds <= 0)
            return maxRetries < 0 || ++_count <= maxRetries;

        // A window without a number of retries means one retry in it.
        var allowed = maxRetries < 0 ? 1 : maxRetries;
        var now = Environment.TickCount64;
        if (_count == 0)
            _windowStart = now;
        if (now - _windowStart <= withinMilliseconds)
            return ++_count <= allowed;
        _count = 1;
        _windowStart = now;
        return true;
    }
}
