using System.Net;
using System.Security.Cryptography;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>
/// Tokens that show that who announces had asked before from the same address (BEP 5). Nothing is kept but two secrets: a token is good for
/// one to two intervals.
/// </summary>
internal sealed class TokenJar
{
    /// <summary>The bytes of a token.</summary>
    public const int TokenLength = 8;

    private const int SecretLength = 20;

    private readonly TimeSpan _interval;
    private readonly RandomFill _random;
    private byte[] _secret = new byte[SecretLength];
    private byte[] _last = new byte[SecretLength];
    private TimeSpan _since;

    public TokenJar(TimeSpan interval, RandomFill random, TimeSpan now)
    {
        _interval = interval;
        _random = random;
        _since = now;
        random(_secret);
        random(_last);
    }

    /// <summary>The token for an address.</summary>
    public byte[] Give(IPAddress address, TimeSpan now)
    {
        Rotate(now);
        var token = new byte[TokenLength];
        Make(_secret, address, token);
        return token;
    }

    /// <summary>Whether a token was given to an address lately.</summary>
    public bool IsGood(ReadOnlySpan<byte> token, IPAddress address, TimeSpan now)
    {
        Rotate(now);
        Span<byte> expected = stackalloc byte[TokenLength];
        Make(_secret, address, expected);
        if (CryptographicOperations.FixedTimeEquals(token, expected))
            return true;
        Make(_last, address, expected);
        return CryptographicOperations.FixedTimeEquals(token, expected);
    }

    private static void Make(byte[] secret, IPAddress address, Span<byte> token)
    {
        Span<byte> bytes = stackalloc byte[16];
        Span<byte> sum = stackalloc byte[HMACSHA1.HashSizeInBytes];
        address.TryWriteBytes(bytes, out var length);
        HMACSHA1.HashData(secret, bytes[..length], sum);
        sum[..TokenLength].CopyTo(token);
    }

    private void Rotate(TimeSpan now)
    {
        var intervals = (now - _since).Ticks / _interval.Ticks;
        if (intervals == 0)
            return;
        _since += intervals * _interval;
        (_secret, _last) = (_last, _secret);
        _random(_secret);
        if (intervals > 1)
            _random(_last);
    }
}
