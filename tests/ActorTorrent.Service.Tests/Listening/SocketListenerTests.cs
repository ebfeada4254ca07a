using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ActorTorrent.Service.Listening;
using Microsoft.AspNetCore.Connections;

namespace ActorTorrent.Service.Tests.Listening;

/// <summary>What Kestrel relies on, without Kestrel.</summary>
public sealed class SocketListenerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SocketListenerFactory _factory = new();
    private readonly CancellationTokenSource _deadline = new(Patience);
    private IConnectionListener _listener = null!;

    public async Task InitializeAsync() => _listener = await _factory.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));

    public async Task DisposeAsync()
    {
        await _listener.DisposeAsync();
        // Ends the thread, or hangs.
        _factory.Dispose();
        _deadline.Dispose();
    }

    [Fact]
    public async Task Everything_comes_through_both_ways_at_once()
    {
        const int Seed = 7;
        var work = Enumerable.Range(0, 20).Select(async number =>
        {
            var random = new Random(Seed + number);
            var bytes = new byte[random.Next(1, 4 << 20)];
            random.NextBytes(bytes);
            using var client = await ConnectAsync();
            var sending = Task.Run(async () =>
            {
                for (var at = 0; at < bytes.Length;)
                {
                    var length = Math.Min(bytes.Length - at, random.Next(1, 200_000));
                    at += await client.SendAsync(bytes.AsMemory(at, length), _deadline.Token);
                }
                client.Shutdown(SocketShutdown.Send);
            });
            Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await ReadToEndAsync(client)));
            await sending;
        }).ToArray();
        var echoes = Enumerable.Range(0, work.Length).Select(async _ => await EchoAsync(await AcceptAsync())).ToArray();
        await Task.WhenAll([.. work, .. echoes]);
    }

    [Fact]
    public async Task The_end_of_what_a_caller_sends_is_told_and_it_still_gets_its_answer()
    {
        using var client = await ConnectAsync();
        await using var connection = await AcceptAsync();
        var closed = Closed(connection);
        await client.SendAsync("question"u8.ToArray(), _deadline.Token);
        client.Shutdown(SocketShutdown.Send);
        await closed;
        var read = await connection.Transport.Input.ReadAtLeastAsync(9, _deadline.Token);
        Assert.True(read.IsCompleted);
        Assert.Equal(8, read.Buffer.Length);
        await connection.Transport.Output.WriteAsync("answer"u8.ToArray(), _deadline.Token);
        await connection.Transport.Output.CompleteAsync();
        Assert.Equal("answer"u8.ToArray(), await ReadToEndAsync(client));
    }

    [Fact]
    public async Task A_reset_is_told_as_one()
    {
        var client = await ConnectAsync();
        await using var connection = await AcceptAsync();
        var closed = Closed(connection);
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        await closed;
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await connection.Transport.Input.ReadAsync(_deadline.Token));
    }

    [Fact]
    public async Task Who_aborts_is_rid_of_it_at_once()
    {
        using var client = await ConnectAsync();
        await using var connection = await AcceptAsync();
        var closed = Closed(connection);
        // It does not read: something waits to be sent for ever.
        var writing = FillAsync(connection);
        connection.Abort(new ConnectionAbortedException("enough"));
        await closed;
        await writing.WaitAsync(_deadline.Token);
        await Assert.ThrowsAsync<ConnectionAbortedException>(async () => await connection.Transport.Input.ReadAsync(_deadline.Token));
    }

    [Fact]
    public async Task Who_does_not_read_holds_up_nobody_else()
    {
        using var lazy = await ConnectAsync();
        await using var held = await AcceptAsync();
        var writing = FillAsync(held);
        for (var round = 0; round < 3; round++)
        {
            using var client = await ConnectAsync();
            var echo = EchoAsync(await AcceptAsync());
            await client.SendAsync("hello"u8.ToArray(), _deadline.Token);
            client.Shutdown(SocketShutdown.Send);
            Assert.Equal("hello"u8.ToArray(), await ReadToEndAsync(client));
            await echo;
        }
        Assert.False(writing.IsCompleted);
        held.Abort();
        await writing.WaitAsync(_deadline.Token);
    }

    [Fact]
    public async Task Who_comes_after_the_end_is_not_taken_in()
    {
        var accepting = _listener.AcceptAsync();
        await _listener.UnbindAsync();
        Assert.Null(await accepting.AsTask().WaitAsync(_deadline.Token));
    }

    [Fact]
    public async Task An_address_in_use_is_named_as_such() => await Assert.ThrowsAsync<AddressInUseException>(async () => await _factory.BindAsync(_listener.EndPoint));

    private static async Task FillAsync(ConnectionContext connection)
    {
        while (!(await connection.Transport.Output.WriteAsync(new byte[64 << 10])).IsCompleted)
        {
        }
    }

    private static Task Closed(ConnectionContext connection)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(closed.SetResult);
        return closed.Task.WaitAsync(Patience);
    }

    private static async Task EchoAsync(ConnectionContext connection)
    {
        await using (connection)
        {
            while (true)
            {
                var read = await connection.Transport.Input.ReadAsync();
                foreach (var part in read.Buffer)
                    await connection.Transport.Output.WriteAsync(part);
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }
    }

    private async Task<byte[]> ReadToEndAsync(Socket client)
    {
        using var all = new MemoryStream();
        var buffer = new byte[100_000];
        while (await client.ReceiveAsync(buffer, _deadline.Token) is > 0 and var read)
            all.Write(buffer, 0, read);
        return all.ToArray();
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_listener.EndPoint, _deadline.Token);
        return client;
    }

    private async Task<ConnectionContext> AcceptAsync() => (await _listener.AcceptAsync(_deadline.Token))!;
}
