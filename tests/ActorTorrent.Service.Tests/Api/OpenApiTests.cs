using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorTorrent.Service.Api;
using ActorTorrent.Service.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTorrent.Service.Tests.Api;

/// <summary>The API's description against its routes and its answers: what one has, the other has.</summary>
public sealed class OpenApiTests
{
    private const string Root = "/api/v1";

    private readonly JsonElement _document = JsonDocument.Parse(OpenApiDocument.Open()).RootElement;

    [Fact]
    public async Task It_names_every_route_and_no_other()
    {
        await using var service = await ServiceUnderTest.StartAsync();
        var routes = service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith(Root, StringComparison.Ordinal) == true && !endpoint.RoutePattern.RawText.Contains("{*", StringComparison.Ordinal))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Where(method => method != "HEAD")
                .Select(method => $"{method} {endpoint.RoutePattern.RawText![Root.Length..]}"))
            .Order().ToList();
        var described = _document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))
            .Order().ToList();

        Assert.Equal(routes, described);
        var served = await service.GetAsync(Root + "/openapi.json");
        Assert.Equal("3.1.1", served.GetProperty("openapi").GetString());
    }

    [Fact]
    public void It_describes_every_answer_as_it_is()
    {
        var schemas = _document.GetProperty("components").GetProperty("schemas");
        foreach (var type in new[]
        {
            typeof(TorrentResource), typeof(PeerCountsResource), typeof(SwarmResource), typeof(PeerResource), typeof(PeersResource), typeof(FileResource),
            typeof(TrackerResource), typeof(PiecesResource), typeof(FaultResource), typeof(ActorResource), typeof(ActorsResource), typeof(SessionResource),
            typeof(CreatedResource), typeof(ProbeResource), typeof(RemovedResource), typeof(GapResource), typeof(Problem),
        })
        {
            var info = ApiJson.Default.GetTypeInfo(type)!;
            var schema = schemas.GetProperty(type.Name.Replace("Resource", "", StringComparison.Ordinal)).GetProperty("properties");
            Assert.Equal(
                info.Properties.Select(p => $"{type.Name}.{p.Name}: {KindOf(p)}").Order(),
                schema.EnumerateObject().Select(p => $"{type.Name}.{p.Name}: {KindOf(p.Value)}").Order());
        }
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var schemas = _document.GetProperty("components").GetProperty("schemas");
        foreach (var reference in References(_document))
        {
            Assert.StartsWith("#/components/schemas/", reference, StringComparison.Ordinal);
            Assert.True(schemas.TryGetProperty(reference["#/components/schemas/".Length..], out _), reference);
        }
    }

    private static string KindOf(JsonPropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(string) || type == typeof(DateTimeOffset) || type == typeof(byte[]) ? "string"
            : type == typeof(bool) ? "boolean"
            : type == typeof(int) || type == typeof(long) ? "integer"
            : type == typeof(double) ? "number"
            : type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? "array"
            : "object";
    }

    private static string KindOf(JsonElement schema)
    {
        if (schema.TryGetProperty("oneOf", out _) || schema.TryGetProperty("$ref", out _))
            return "object";
        var type = schema.GetProperty("type");
        return type.ValueKind == JsonValueKind.Array ? type[0].GetString()! : type.GetString()!;
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member.Name == "$ref" ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
