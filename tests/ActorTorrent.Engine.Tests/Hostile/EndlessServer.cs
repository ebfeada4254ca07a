using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>Takes connections, says something on each, and then the same again and again until the other side has had enough.</summary>
internal sealed class EndlessServer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly byte[] _head;
    private readonly byte[] _rest;
    private readonly Task _serving;

    public EndlessServer(string head, string rest)
    {
        (_head, _rest) = (Encoding.ASCII.GetBytes(head), Encoding.ASCII.GetBytes(rest));
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true)
                talks.Add(TalkAsync(await _listener.AcceptSocketAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over.
            await Task.WhenAll(talks);
        }
    }

    private async Task TalkAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await socket.SendAsync(_head, SocketFlags.None, _end.Token);
                while (true)
                {
                    await socket.SendAsync(_rest, SocketFlags.None, _end.Token);
                    await Task.Delay(Pause, _end.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // The engine, or the test, has had enough.
            }
        }
    }
}
