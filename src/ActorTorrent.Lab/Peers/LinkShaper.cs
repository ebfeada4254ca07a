using System.Buffers;
using System.Threading.Channels;

namespace ActorTorrent.Lab.Peers;

/// <summary>
/// One direction of one connection over a link: takes bytes and delivers them at the pace, with the delay and the stalls of a
/// <see cref="LinkShape"/>, which may be another one at any time. One sender at a time.
/// </summary>
internal sealed class LinkShaper
{
    /// <summary>Chunks under way at once; with more the sender waits, as it would for a full socket.</summary>
    private const int MostUnderWay = 64;

    private readonly Func<LinkShape> _shape;
    private readonly TimeProvider _time;
    private readonly Random _delays;
    private readonly Random _stalls;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> _send;
    private readonly Channel<(long Due, byte[] Buffer, int Length)> _line = Channel.CreateBounded<(long, byte[], int)>(
        new BoundedChannelOptions(MostUnderWay) { SingleReader = true, SingleWriter = false });
    private RatePacer? _pacer;

    /// <param name="shape">The link as it is now; asked for each chunk.</param>
    /// <param name="seed">What decides its delays and when it stalls.</param>
    /// <param name="time">The clock.</param>
    /// <param name="send">Sends for good.</param>
    public LinkShaper(Func<LinkShape> shape, int seed, TimeProvider time, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send)
    {
        _shape = shape;
        _time = time;
        _delays = new Random(seed);
        _stalls = new Random(~seed);
        _send = send;
    }

    /// <summary>Waits until a connection is lost.</summary>
    /// <param name="shape">The link.</param>
    /// <param name="random">What decides.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether it is left half-open; does not end by itself when the link loses none.</returns>
    public static async Task<bool> LoseAsync(LinkShape shape, Random random, TimeProvider time, CancellationToken cancellation)
    {
        var life = shape.LostAfter is { } mean ? Exponential(mean, random) : Timeout.InfiniteTimeSpan;
        await Task.Delay(life, time, cancellation);
        return random.NextDouble() < shape.HalfOpen;
    }

    /// <summary>Takes bytes; returns once they are under way.</summary>
    /// <exception cref="ChannelClosedException">Nothing is delivered any more.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            var shape = _shape();
            var chunk = bytes[..Math.Min(Math.Max(1, shape.Chunk), bytes.Length)];
            if (shape.BytesPerSecond is { } rate)
            {
                if (_pacer?.BytesPerSecond != rate)
                    _pacer = new RatePacer(rate, _time);
                await _pacer.WaitAsync(chunk.Length, cancellation);
            }
            var buffer = ArrayPool<byte>.Shared.Rent(chunk.Length);
            chunk.CopyTo(buffer);
            var latency = shape.Latency + (shape.Jitter * _delays.NextDouble());
            var due = _time.GetTimestamp() + (long)(latency.TotalSeconds * _time.TimestampFrequency);
            await _line.Writer.WriteAsync((due, buffer, chunk.Length), cancellation);
            bytes = bytes[chunk.Length..];
        }
    }

    /// <summary>No more bytes come.</summary>
    /// <param name="why">What went wrong; null when nothing did: then what is under way is still delivered.</param>
    public void Complete(Exception? why = null) => _line.Writer.TryComplete(why);

    /// <summary>Delivers until it is cancelled, or all is delivered that came before <see cref="Complete"/>.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        var shape = _shape();
        var nextStall = NextStall(shape, TimeSpan.Zero);
        try
        {
            await foreach (var (due, buffer, length) in _line.Reader.ReadAllAsync(cancellation))
            {
                await _time.UntilAsync(due, cancellation);
                var now = _time.GetElapsedTime(started);
                if (shape != _shape())
                {
                    shape = _shape();
                    nextStall = NextStall(shape, now);
                }
                if (now >= nextStall)
                {
                    await Task.Delay(shape.StallFor, _time, cancellation);
                    nextStall = NextStall(shape, _time.GetElapsedTime(started));
                }
                await _send(buffer.AsMemory(0, length), cancellation);
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        finally
        {
            // Whoever sends is not to wait for room that nobody makes.
            _line.Writer.TryComplete();
        }
    }

    private TimeSpan NextStall(LinkShape shape, TimeSpan now) => shape.StallEvery is { } mean ? now + Exponential(mean, _stalls) : TimeSpan.MaxValue;

    private static TimeSpan Exponential(TimeSpan mean, Random random) => mean * -Math.Log(1 - random.NextDouble());
}
