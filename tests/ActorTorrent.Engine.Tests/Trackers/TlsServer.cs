using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ActorTorrent.Engine.Tests.Trackers;

/// <summary>Answers every HTTPS request with the same body, under a certificate that it signed itself.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _serving;

    private TlsServer(X509Certificate2 certificate)
    {
        _certificate = certificate;
        _listener.Start();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/"));
        _serving = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    /// <summary>What it answers.</summary>
    public byte[] Body { get; set; } = [];

    public static Task<TlsServer> StartAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return Task.FromResult(new TlsServer(X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null)));
    }

    public bool IsOwn(X509Certificate? certificate) => certificate is not null && certificate.GetCertHashString() == _certificate.GetCertHashString();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving;
        _certificate.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stopping.Token);
                var request = new StringBuilder();
                var buffer = new byte[4096];
                while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    var count = await stream.ReadAsync(buffer, _stopping.Token);
                    if (count == 0)
                        break;
                    request.Append(Encoding.Latin1.GetString(buffer, 0, count));
                }
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n")),
                    _stopping.Token);
                await stream.WriteAsync(Body, _stopping.Token);
                await stream.ShutdownAsync();
            }
            catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException or SocketException)
            {
                // A client that does not trust us, or the end.
                continue;
            }
        }
    }
}
