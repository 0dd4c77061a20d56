// The API's description in, Swagger UI out.
"use strict";

SwaggerUIBundle({ url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true });
