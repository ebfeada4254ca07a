using System.Net;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

public sealed class SecureNodeIdTests
{
    /// <summary>The examples of BEP 42.</summary>
    [Theory]
    [InlineData("124.31.75.21", "5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401")]
    [InlineData("21.75.31.124", "5a3ce9c14e7a08645677bbd1cfe7d8f956d53256")]
    [InlineData("65.23.51.170", "a5d43220bc8f112a3d426c84764f8c2a1150e616")]
    [InlineData("84.124.73.14", "1b0321dd1bb1fe518101ceef99462b947a01ff41")]
    [InlineData("43.213.53.83", "e56f6cbf5b7c4be0237986d5243b87aa6d51305a")]
    public void Follows_from_the_address(string address, string id)
    {
        var bytes = Convert.FromHexString(id);
        Assert.True(SecureNodeId.IsValid(new NodeId(bytes), IPAddress.Parse(address)));
        bytes[0] ^= 1;
        Assert.False(SecureNodeId.IsValid(new NodeId(bytes), IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("203.0.113.7")]
    [InlineData("2001:db8:1:2::3")]
    public void Its_own_ids_are_valid_there_and_hardly_elsewhere(string text)
    {
        var random = new Random(1);
        var address = IPAddress.Parse(text);
        var other = IPAddress.Parse(address.GetAddressBytes().Length == 4 ? "9.9.9.9" : "2a00::1");
        for (var i = 0; i < 50; i++)
        {
            var id = SecureNodeId.Create(address, random.NextBytes);
            Assert.True(SecureNodeId.IsValid(id, address));
            Assert.False(SecureNodeId.IsValid(id, other));
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("192.168.1.1")]
    [InlineData("fe80::1")]
    public void At_local_addresses_every_id_is(string address)
        => Assert.True(SecureNodeId.IsValid(default, IPAddress.Parse(address)));
}
