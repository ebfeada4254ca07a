using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace ActorTorrent.Service.Listening;

/// <summary>A connection of the API: bytes between its socket, which does not block, and the pipes that Kestrel reads and writes.</summary>
internal sealed class SocketConnection : DefaultConnectionContext
{
    // Kestrel's own: what it takes from a caller ahead, and what waits for one that does not read.
    private const int MostReceived = 1 << 20;
    private const int MostUnsent = 64 << 10;
    private const int LeastBuffer = 4 << 10;
    private const int MostReads = 16;

    private static readonly PipeOptions Receiving = Options(MostReceived);
    private static readonly PipeOptions Sending = Options(MostUnsent);

    private readonly SocketLoop _loop;
    private readonly Pipe _received = new(Receiving);
    private readonly Pipe _toSend = new(Sending);
    private readonly PipeEnds _application;
    private readonly Readiness _readable = new();
    private readonly Readiness _writable = new();
    private readonly CancellationTokenSource _closed = new();
    private List<ArraySegment<byte>>? _parts;
    private volatile bool _isEnding;
    private volatile Exception? _abortion;
    private int _isShut;
    private Task _work = Task.CompletedTask;

    /// <param name="loop">Who watches it.</param>
    /// <param name="socket">Connected; it is this object's from now on.</param>
    public SocketConnection(SocketLoop loop, Socket socket)
        : base(Guid.NewGuid().ToString("N"))
    {
        (_loop, Socket) = (loop, socket);
        socket.Blocking = false;
        socket.NoDelay = true;
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        Transport = _application = new PipeEnds(_received.Reader, _toSend.Writer);
        ConnectionClosed = _closed.Token;
    }

    public Socket Socket { get; }

    /// <summary>What the loop calls it.</summary>
    public long Key { get; set; }

    /// <summary>Begins to receive and to send.</summary>
    public void Start()
    {
        _loop.Add(this);
        _work = WorkAsync();
    }

    /// <summary>Takes word of its socket.</summary>
    public void Take(SocketEvent happened)
    {
        if (happened.IsEnding)
            _isEnding = true;
        if (happened.IsWritable)
            _writable.Say();
        if (happened.IsReadable)
            _readable.Say();
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _abortion ??= abortReason;
        Shut();
        _toSend.Reader.CancelPendingRead();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _application.Input.CompleteAsync().ConfigureAwait(false);
        await _application.Output.CompleteAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        _closed.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private static PipeOptions Options(int most) => new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: most,
        resumeWriterThreshold: most / 2,
        minimumSegmentSize: LeastBuffer,
        useSynchronizationContext: false);

    private async Task WorkAsync()
    {
        var receiving = ReceiveAsync();
        await SendAsync().ConfigureAwait(false);
        await receiving.ConfigureAwait(false);
        _loop.Remove(this);
        Socket.Dispose();
    }

    private async Task ReceiveAsync()
    {
        Exception? error;
        try
        {
            error = await ReceiveToEndAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A bug of ours: who reads learns of it.
            error = e;
        }
        await _received.Writer.CompleteAsync(_abortion ?? error).ConfigureAwait(false);
        // Who learns of it does not hold up the loop.
        await _closed.CancelAsync().ConfigureAwait(false);
    }

    /// <returns>Why it ended; null for an orderly end.</returns>
    private async Task<Exception?> ReceiveToEndAsync()
    {
        var writer = _received.Writer;
        while (true)
        {
            // Without a buffer as long as nothing is there.
            await _readable.WaitAsync().ConfigureAwait(false);
            for (var reads = 1; ; reads++)
            {
                var buffer = writer.GetMemory(LeastBuffer);
                var read = Socket.Receive(buffer.Span, SocketFlags.None, out var code);
                if (code == SocketError.WouldBlock)
                    break;
                if (code != SocketError.Success)
                    return new ConnectionResetException("The connection is gone.", new SocketException((int)code));
                if (read == 0)
                    return null;
                writer.Advance(read);
                var flushed = await writer.FlushAsync().ConfigureAwait(false);
                if (flushed.IsCompleted || flushed.IsCanceled)
                    return null;
                // All that was there; of what comes afterwards there will be word, but of an end perhaps there was already.
                if (read < buffer.Length && !_isEnding)
                    break;
                // One that sends without end does not keep the others from their turn.
                if (reads % MostReads == 0)
                    await Task.Yield();
            }
        }
    }

    private async Task SendAsync()
    {
        Exception? error = null;
        try
        {
            await SendToEndAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A bug of ours: who writes learns of it. Of a connection that is gone it learns as Kestrel expects it, by a completed flush.
            error = e;
        }
        Shut();
        await _toSend.Reader.CompleteAsync(error).ConfigureAwait(false);
        _received.Writer.CancelPendingFlush();
    }

    private async Task SendToEndAsync()
    {
        var reader = _toSend.Reader;
        while (true)
        {
            var read = await reader.ReadAsync().ConfigureAwait(false);
            if (read.IsCanceled)
                return;
            var rest = read.Buffer;
            while (!rest.IsEmpty)
            {
                var sent = Send(rest, out var code);
                if (code == SocketError.WouldBlock)
                {
                    await _writable.WaitAsync().ConfigureAwait(false);
                    if (_abortion is not null)
                        return;
                }
                else if (code != SocketError.Success)
                {
                    _abortion ??= new ConnectionResetException("The connection is gone.", new SocketException((int)code));
                    return;
                }
                rest = rest.Slice(sent);
            }
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    private int Send(ReadOnlySequence<byte> bytes, out SocketError code)
    {
        if (bytes.IsSingleSegment)
            return Socket.Send(bytes.FirstSpan, SocketFlags.None, out code);
        var parts = _parts ??= [];
        parts.Clear();
        foreach (var part in bytes)
        {
            if (MemoryMarshal.TryGetArray(part, out var array))
                parts.Add(array);
        }
        return Socket.Send(parts, SocketFlags.None, out code);
    }

    private void Shut()
    {
        if (Interlocked.Exchange(ref _isShut, 1) != 0)
            return;
        try
        {
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It is gone already.
        }
        _isEnding = true;
        _writable.Say();
        _readable.Say();
    }
}
