using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Api;

/// <summary>An error as Kubernetes answers it: a <c>Status</c> object.</summary>
internal sealed record ApiStatus(int Code, string Reason, string Message, JsonObject? Details = null)
{
    public static ApiStatus Unauthorized { get; } = new(401, "Unauthorized", "Unauthorized");

    public static ApiStatus NoSuchPath { get; } = new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiStatus NotAcceptable { get; } =
        new(406, "NotAcceptable", "only the following media types are accepted: application/json");

    public static ApiStatus NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.QualifiedPlural} \"{name}\" not found", DetailsOf(type, name));

    public static ApiStatus AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.QualifiedPlural} \"{name}\" already exists", DetailsOf(type, name));

    public static ApiStatus Conflict(ResourceType type, string name) => new(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {type.QualifiedPlural} \"{name}\": the object has been modified; please apply your changes to the latest version and try again",
        DetailsOf(type, name));

    public static ApiStatus Expired(long version) =>
        new(410, "Expired", $"too old resource version: {version}");

    public static ApiStatus BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiStatus UnsupportedMediaType(string? mediaType) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - this sample reads application/json, not {mediaType}");

    public static ApiStatus MethodNotAllowed { get; } =
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    public static ApiStatus Full(StoreLimits limits) =>
        new(507, "InternalError", $"the sample cluster is full: it keeps {limits.MaxObjects} objects and {limits.MaxBytes} bytes");

    public static ApiStatus NameRequired(ResourceType type)
    {
        const string Message = "Required value: name or generateName is required";
        return new(422, "Invalid", $"{type.Kind} \"\" is invalid: metadata.name: {Message}", new JsonObject
        {
            ["kind"] = type.Kind,
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueRequired", ["message"] = Message, ["field"] = "metadata.name" }),
        });
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
        };
        if (Details is not null)
            json["details"] = Details.DeepClone();
        json["code"] = Code;
        return json;
    }

    private static JsonObject DetailsOf(ResourceType type, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0)
            details["group"] = type.Group;
        details["kind"] = type.Plural;
        return details;
    }
}
