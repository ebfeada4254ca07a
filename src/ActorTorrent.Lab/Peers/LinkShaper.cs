using System.Buffers;
using System.Threading.Channels;

namespace ActorTorrent.Lab.Peers;

/// <summary>Sends what one connection is given at the pace, with the delay and the troubles of a <see cref="LinkShape"/>. One sender at a time.</summary>
internal sealed class LinkShaper
{
    private const int ChunkLength = 16 << 10;

    /// <summary>Chunks under way at once; with more the sender waits, as it would for a full socket.</summary>
    private const int MostUnderWay = 64;

    private readonly LinkShape _shape;
    private readonly TimeProvider _time;
    private readonly RatePacer? _pacer;
    private readonly Random _random;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> _send;
    private readonly Channel<(long Due, byte[] Buffer, int Length)> _line = Channel.CreateBounded<(long, byte[], int)>(
        new BoundedChannelOptions(MostUnderWay) { SingleReader = true, SingleWriter = false });

    /// <param name="shape">The link.</param>
    /// <param name="seed">What decides when it stalls and when it is lost.</param>
    /// <param name="time">The clock.</param>
    /// <param name="send">Sends for good.</param>
    public LinkShaper(LinkShape shape, int seed, TimeProvider time, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send)
    {
        _shape = shape;
        _time = time;
        _random = new Random(seed);
        _send = send;
        _pacer = shape.BytesPerSecond is { } rate ? new RatePacer(rate, time) : null;
    }

    /// <summary>Takes bytes; returns once they are under way.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            var chunk = bytes[..Math.Min(ChunkLength, bytes.Length)];
            if (_pacer is not null)
                await _pacer.WaitAsync(chunk.Length, cancellation);
            var buffer = ArrayPool<byte>.Shared.Rent(chunk.Length);
            chunk.CopyTo(buffer);
            var due = _time.GetTimestamp() + (long)(_shape.Latency.TotalSeconds * _time.TimestampFrequency);
            await _line.Writer.WriteAsync((due, buffer, chunk.Length), cancellation);
            bytes = bytes[chunk.Length..];
        }
    }

    /// <summary>Delivers until cancelled.</summary>
    /// <returns>When the link is lost.</returns>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var life = _shape.LostAfter is { } mean ? Exponential(mean) : Timeout.InfiniteTimeSpan;
        using var timer = _time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), lost, life, Timeout.InfiniteTimeSpan);
        var nextStall = NextStall(TimeSpan.Zero);
        try
        {
            await foreach (var (due, buffer, length) in _line.Reader.ReadAllAsync(lost.Token))
            {
                await _time.UntilAsync(due, lost.Token);
                if (_time.GetElapsedTime(started) >= nextStall)
                {
                    await Task.Delay(_shape.StallFor, _time, lost.Token);
                    nextStall = NextStall(_time.GetElapsedTime(started));
                }
                await _send(buffer.AsMemory(0, length), lost.Token);
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Lost; the caller ends the connection.
        }
    }

    private TimeSpan NextStall(TimeSpan now) => _shape.StallEvery is { } mean ? now + Exponential(mean) : TimeSpan.MaxValue;

    private TimeSpan Exponential(TimeSpan mean) => mean * -Math.Log(1 - _random.NextDouble());
}
