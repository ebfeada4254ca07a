using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Probing;

/// <summary>
/// Asks peers for their handshake, all at once, and says precisely what came of each. No actors: a probe has no state worth supervising
/// and nothing to restart, and ten thousand of them should cost a socket and a few hundred bytes each. Not held back by the engine's
/// limit of half-open connections; only by the limit of open files.
/// </summary>
public sealed class PeerProber
{
    private readonly InfoHash _infoHash;
    private readonly byte[] _greeting = new byte[Handshake.Length];
    private readonly ProbeOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a prober for one torrent.</summary>
    /// <param name="infoHash">The torrent; peers that do not have it close or answer another hash.</param>
    /// <param name="ownId">The id that we show.</param>
    /// <param name="options">Deadlines and concurrency.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A deadline or the concurrency is not above zero.</exception>
    public PeerProber(InfoHash infoHash, PeerId ownId, ProbeOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.ConnectTimeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.HandshakeTimeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Concurrency ?? 1, 1, nameof(options));
        _infoHash = infoHash;
        _options = options;
        _time = time ?? TimeProvider.System;
        new Handshake(infoHash, ownId, PeerCapabilities.None).Write(_greeting);
    }

    /// <summary>How many of a number of peers would be probed at once.</summary>
    public int ConcurrencyFor(int peers) => Math.Max(1, Math.Min(peers, Math.Min(_options.Concurrency ?? peers, OpenFileLimit.Free())));

    /// <summary>Probes peers at once and yields each result as it comes.</summary>
    /// <exception cref="SocketException">This process or host has run out of sockets, memory or ports: nothing a peer did.</exception>
    public async IAsyncEnumerable<ProbeResult> ProbeAsync(
        IReadOnlyCollection<IPEndPoint> peers, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(peers);
        if (peers.Count == 0)
            yield break;
        using var slots = new SemaphoreSlim(ConcurrencyFor(peers.Count));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var probes = peers.Select(peer => ProbeInSlotAsync(peer, slots, stop.Token)).ToArray();
        try
        {
            await foreach (var probe in Task.WhenEach(probes).WithCancellation(cancellation))
                yield return await probe;
        }
        finally
        {
            // The caller may leave early, and one probe's exception must not leave the others running.
            await stop.CancelAsync();
            await Task.WhenAll((IEnumerable<Task>)probes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Probes one peer.</summary>
    /// <exception cref="SocketException">This process or host has run out of sockets, memory or ports: nothing the peer did.</exception>
    public async Task<ProbeResult> ProbeAsync(IPEndPoint peer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var probe = new Probe(peer, _time.GetTimestamp());
        if (!Socket.OSSupportsIPv6 && peer.AddressFamily == AddressFamily.InterNetworkV6)
            return Result(probe, ProbeOutcome.Unreachable, "this host has no IPv6");
        using var socket = new Socket(peer.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        return await ConnectAsync(socket, probe, cancellation) ?? await ShakeHandsAsync(socket, probe, cancellation);
    }

    private async Task<ProbeResult> ProbeInSlotAsync(IPEndPoint peer, SemaphoreSlim slots, CancellationToken cancellation)
    {
        await slots.WaitAsync(cancellation);
        try
        {
            return await ProbeAsync(peer, cancellation);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<ProbeResult?> ConnectAsync(Socket socket, Probe probe, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var stop = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        try
        {
            await socket.ConnectAsync(probe.Peer, deadline.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Result(probe, ProbeOutcome.ConnectTimeout, $"no connection in {Text(_options.ConnectTimeout)}");
        }
        catch (SocketException exception) when (OutcomeOfConnect(exception.SocketErrorCode) is { } outcome)
        {
            return Result(probe, outcome, outcome == ProbeOutcome.Refused ? null : exception.Message);
        }
    }

    private async Task<ProbeResult> ShakeHandsAsync(Socket socket, Probe probe, CancellationToken cancellation)
    {
        var buffer = new byte[Handshake.Length];
        var received = 0;
        using var deadline = new CancellationTokenSource(_options.HandshakeTimeout, _time);
        using var stop = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        var sendFault = await SendAsync(socket, deadline.Token);
        cancellation.ThrowIfCancellationRequested();
        while (true)
        {
            int count;
            try
            {
                count = await ReceiveAsync(socket, buffer.AsMemory(received), deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return Result(probe, ProbeOutcome.HandshakeTimeout, $"{Came(received)} in {Text(_options.HandshakeTimeout)}");
            }
            catch (SocketException exception)
            {
                return Result(probe, ProbeOutcome.Reset, $"{Came(received)}: {exception.Message}");
            }
            if (count == 0)
            {
                // The reset was reported to whoever asked first: the send. The receive then sees a plain end.
                return sendFault == SocketError.ConnectionReset
                    ? Result(probe, ProbeOutcome.Reset, Came(received))
                    : Result(probe, ProbeOutcome.Closed, Came(received));
            }
            received += count;
            if (Judge(probe, buffer.AsSpan(0, received)) is { } result)
                return result;
        }
    }

    private ProbeResult? Judge(Probe probe, ReadOnlySpan<byte> received)
    {
        switch (HandshakeCheck.Examine(received, _infoHash))
        {
            case HandshakeVerdict.WrongProtocol:
                return Result(probe, ProbeOutcome.WrongProtocol, $"starts with '{Printable(received[..Math.Min(received.Length, 20)])}'");
            case HandshakeVerdict.WrongInfoHash:
                return Result(probe, ProbeOutcome.WrongInfoHash, $"answered {Convert.ToHexStringLower(received[28..Math.Min(received.Length, 48)])}");
            case HandshakeVerdict.Ok:
                var id = Handshake.Read(received).PeerId;
                return new ProbeResult(probe.Peer, ProbeOutcome.Ok, id, PeerClient.Describe(id), _time.GetElapsedTime(probe.Started), null);
            default:
                return null;
        }
    }

    /// <summary>Sends our handshake. A failure is not the verdict yet: bytes may have come before it, and they are asked first.</summary>
    private async Task<SocketError> SendAsync(Socket socket, CancellationToken deadline)
    {
        try
        {
            for (var sent = 0; sent < _greeting.Length;)
                sent += await socket.SendAsync(_greeting.AsMemory(sent), deadline);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
        catch (OperationCanceledException)
        {
            return SocketError.TimedOut;
        }
    }

    private static async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer, CancellationToken deadline)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, deadline);
        }
        catch (OperationCanceledException) when (socket.Available > 0)
        {
            // It came in time; this thread was late to look.
            return socket.Receive(buffer.Span);
        }
    }

    private static ProbeOutcome? OutcomeOfConnect(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ProbeOutcome.Refused,
        SocketError.TimedOut => ProbeOutcome.ConnectTimeout,
        SocketError.ConnectionReset or SocketError.ConnectionAborted => ProbeOutcome.Reset,
        SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostUnreachable or SocketError.HostDown
            or SocketError.HostNotFound or SocketError.AddressFamilyNotSupported or SocketError.AccessDenied or SocketError.InvalidArgument
            => ProbeOutcome.Unreachable,
        // On Linux both "no address of ours can reach that one" and "no free port" come as this; the second needs tens of thousands.
        SocketError.AddressNotAvailable => ProbeOutcome.Unreachable,
        _ => null,
    };

    private ProbeResult Result(Probe probe, ProbeOutcome outcome, string? detail) =>
        new(probe.Peer, outcome, null, null, _time.GetElapsedTime(probe.Started), detail);

    private static string Came(int received) => FormattableString.Invariant($"{received} of {Handshake.Length} bytes came");

    private static string Text(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
            text.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
        return text.ToString();
    }

    private readonly record struct Probe(IPEndPoint Peer, long Started);
}
