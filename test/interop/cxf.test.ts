/** Apache CXF: wsdl2java with every validator that it has, WS-I Basic Profile among them, and its clients. */
import { testSoapToolchain } from "./soap-java.js";
import { readTools } from "./tools.js";

testSoapToolchain({ name: "cxf", tool: readTools().cxf, generator: "CxfGenerator", explained: [] });
